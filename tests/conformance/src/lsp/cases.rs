//! The projects, one a server.

use super::case::{Case, Step};

/// What is tried with each server of Python.
const PYTHON: Case = Case {
    language: "Python",
    language_id: "python",
    files: &[
        (
            "main.py",
            "from sizes import größe\n\n⟦error⟧print(⟦use⟧größe(1))\n⟦complete⟧",
        ),
        (
            "sizes.py",
            "def ⟦defined⟧größe(x: int) -> int:\n    \"\"\"Says it.\"\"\"\n    return x\n",
        ),
    ],
    mistake: "größe('x')\n",
    completion: ("grö", "größe"),
    says: "Says it",
    rename: ("weite", 3),
    lacks: &[Step::Format],
    ..Case::EMPTY
};

/// What the data of JSON and YAML are to be.
const SCHEMA: (&str, &str) = (
    "schema.json",
    "{\n  \"type\": \"object\",\n  \"properties\": {\n    \"size\": {\"type\": \"number\", \"description\": \"Says it.\"},\n    \"width\": {\"type\": \"number\"}\n  }\n}\n",
);

/// All that is tried; of a language the server that Kiln prefers comes first.
pub const CASES: &[Case] = &[
    Case {
        server: "pyright",
        lacks: &[
            Step::Format,
            // Only of imports.
            Step::CodeAction,
        ],
        ..PYTHON
    },
    Case {
        server: "ty",
        ..PYTHON
    },
    Case {
        server: "typescript-language-server",
        language: "TypeScript",
        language_id: "typescript",
        files: &[
            (
                "main.ts",
                "import { size } from \"./size\";\n\n⟦format⟧⟦error⟧console.log(⟦use⟧size(1));\n⟦complete⟧",
            ),
            (
                "size.ts",
                "/** Says it. */\nexport function ⟦defined⟧size(x: number): number {\n    return x;\n}\n",
            ),
            (
                "tsconfig.json",
                "{\"compilerOptions\": {\"strict\": true}}\n",
            ),
        ],
        mistake: "size(\"x\");\n",
        completion: ("siz", "size"),
        says: "Says it",
        // The other file keeps its name, which the import renames, as in VS Code.
        rename: ("width", 2),
        spoilt: "    ",
        lacks: &[
            // Its settings turn them on.
            Step::InlayHints,
            Step::CodeLens,
        ],
        ..Case::EMPTY
    },
    Case {
        server: "clangd",
        language: "C",
        language_id: "c",
        files: &[
            (
                "main.c",
                "#include \"size.h\"\n\nint main(void) {\n  int a = 1;\n⟦format⟧  ⟦error⟧return ⟦use⟧size(a);\n⟦complete⟧}\n",
            ),
            (
                "size.h",
                "/// Says it.\nstatic inline int ⟦defined⟧size(int x) { return x; }\n",
            ),
            // With it the files that are not open are known too.
            (
                "compile_commands.json",
                "[{\"directory\": \"{root}\", \"file\": \"main.c\", \"command\": \"cc -c main.c\"}]\n",
            ),
        ],
        mistake: "undeclared(3);\n",
        completion: ("  siz\n", "size"),
        says: "Says it",
        rename: ("width", 2),
        spoilt: "      ",
        ..Case::EMPTY
    },
    Case {
        server: "clangd",
        language: "C++",
        language_id: "cpp",
        files: &[
            (
                "main.cpp",
                "#include \"size.hpp\"\n\nint main() {\n  int a = 1;\n⟦format⟧  ⟦error⟧return ⟦use⟧size(a);\n⟦complete⟧}\n",
            ),
            (
                "size.hpp",
                "/// Says it.\ntemplate <typename T> T ⟦defined⟧size(T x) { return x; }\n",
            ),
            // With it the files that are not open are known too.
            (
                "compile_commands.json",
                "[{\"directory\": \"{root}\", \"file\": \"main.cpp\", \"command\": \"cc -c main.cpp\"}]\n",
            ),
        ],
        mistake: "undeclared(3);\n",
        completion: ("  siz\n", "size"),
        says: "Says it",
        rename: ("width", 2),
        spoilt: "      ",
        lacks: &[
            // Not of a template.
            Step::CallHierarchy,
        ],
        ..Case::EMPTY
    },
    Case {
        server: "bash-language-server",
        language: "shell",
        language_id: "shellscript",
        files: &[(
            "run.sh",
            "# Says it.\n⟦defined⟧say() { echo x; }\n⟦use⟧say\n⟦complete⟧",
        )],
        completion: ("sa", "say"),
        says: "Says it",
        rename: ("tell", 2),
        lacks: &[
            // They are shellcheck's.
            Step::Diagnostic,
            // It is shfmt's.
            Step::Format,
            // They are shellcheck's.
            Step::CodeAction,
        ],
        ..Case::EMPTY
    },
    Case {
        server: "vscode-json-language-server",
        language: "JSON",
        language_id: "json",
        files: &[
            (
                "package.json",
                "{\n⟦format⟧  \"$schema\": \"./schema.json\",\n⟦complete⟧  ⟦error⟧\"⟦use⟧size\": 1\n}\n",
            ),
            SCHEMA,
        ],
        mistake: "\"other\": ,\n",
        completion: ("  \"w\n", "width"),
        says: "Says it",
        spoilt: "      ",
        tab_size: 2,
        lacks: &[Step::Definition, Step::Rename],
        ..Case::EMPTY
    },
    Case {
        server: "vscode-css-language-server",
        language: "CSS",
        language_id: "css",
        files: &[(
            "page.css",
            ":root {\n⟦format⟧  --⟦defined⟧size: 1px;\n}\n\na {\n  ⟦error⟧margin: var(--⟦use⟧size);\n⟦complete⟧}\n",
        )],
        mistake: "color red;\n",
        completion: ("  paddi\n", "padding"),
        says: "",
        rename: ("--width", 2),
        spoilt: "      ",
        tab_size: 2,
        lacks: &[
            // Not of a property of one's own.
            Step::Hover,
            // Only of names that are misspelt.
            Step::CodeAction,
        ],
    },
    Case {
        server: "vscode-html-language-server",
        language: "HTML",
        language_id: "html",
        files: &[(
            "page.html",
            "<!DOCTYPE html>\n<html>\n\n<head>\n  <style>\n    p {\n      ⟦error⟧margin: 0;\n    }\n  </style>\n</head>\n\n<body>\n⟦format⟧  <⟦use⟧p>a</p>\n⟦complete⟧</body>\n\n</html>\n",
        )],
        // HTML itself is never wrong; its styles and scripts are.
        mistake: "color red;\n",
        completion: ("  <sec\n", "section"),
        says: "paragraph",
        rename: ("div", 2),
        spoilt: "      ",
        tab_size: 2,
        lacks: &[
            // Only of scripts in it.
            Step::References,
            Step::SignatureHelp,
            // Only of scripts and styles in it.
            Step::Definition,
        ],
    },
    Case {
        server: "yaml-language-server",
        language: "YAML",
        language_id: "yaml",
        files: &[
            (
                "a.yaml",
                "# yaml-language-server: $schema=schema.json\n⟦error⟧⟦use⟧size: 1\nbase: &⟦defined⟧base\n  a: 1\nlist: *base\n⟦complete⟧",
            ),
            SCHEMA,
        ],
        mistake: "a: [1\n",
        completion: ("wid", "width"),
        says: "Says it",
        lacks: &[
            // Not of a mistake in the syntax.
            Step::CodeAction,
            // Only of anchors.
            Step::Definition,
            Step::Rename,
            Step::Format,
        ],
        ..Case::EMPTY
    },
    Case {
        server: "docker-langserver",
        language: "Dockerfile",
        language_id: "dockerfile",
        files: &[(
            "Dockerfile",
            "FROM debian AS ⟦defined⟧base\n⟦error⟧RUN a \\\n⟦format⟧    b\n⟦complete⟧\nFROM ⟦use⟧base\n",
        )],
        mistake: "RUNN a\n",
        completion: ("EXPO", "EXPOSE"),
        rename: ("other", 2),
        spoilt: "      ",
        lacks: &[
            // Only of some warnings.
            Step::CodeAction,
            // Only of instructions.
            Step::SignatureHelp,
            // Only of instructions.
            Step::Hover,
        ],
        ..Case::EMPTY
    },
    Case {
        server: "intelephense",
        language: "PHP",
        language_id: "php",
        files: &[
            (
                "main.php",
                "<?php\n\nrequire 'size.php';\n⟦format⟧⟦error⟧echo ⟦use⟧size(1);\n⟦complete⟧",
            ),
            (
                "size.php",
                "<?php\n\n/** Says it. */\nfunction ⟦defined⟧size(int $x): int\n{\n    return $x;\n}\n",
            ),
        ],
        mistake: "undeclared(3);\n",
        completion: ("siz", "size"),
        says: "Says it",
        spoilt: "    ",
        lacks: &[
            // Of its paid form.
            Step::Rename,
        ],
        ..Case::EMPTY
    },
    Case {
        server: "gopls",
        language: "Go",
        language_id: "go",
        files: &[
            (
                "main.go",
                "package main\n\nfunc main() {\n⟦format⟧\t⟦error⟧println(⟦use⟧size(1))\n⟦complete⟧}\n",
            ),
            (
                "size.go",
                "package main\n\n// size says it.\nfunc ⟦defined⟧size(x int) int {\n\treturn x\n}\n",
            ),
            ("go.mod", "module example.com/size\n\ngo 1.19\n"),
        ],
        mistake: "undeclared(3)\n",
        completion: ("\tsiz\n", "size"),
        says: "says it",
        // The comment is about it.
        rename: ("width", 3),
        spoilt: "    ",
        lacks: &[
            // Its settings turn them on.
            Step::InlayHints,
            Step::CodeLens,
        ],
        ..Case::EMPTY
    },
    Case {
        server: "rust-analyzer",
        language: "Rust",
        language_id: "rust",
        files: &[
            (
                "src/main.rs",
                "mod size;\n\nfn main() {\n⟦format⟧    ⟦error⟧let sum = size::⟦use⟧size(1);\n    println!(\"{sum}\");\n⟦complete⟧}\n",
            ),
            (
                "src/size.rs",
                "/// Says it.\npub fn ⟦defined⟧size(x: u32) -> u32 {\n    x\n}\n",
            ),
            (
                "Cargo.toml",
                "[package]\nname = \"sizes\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
            ),
        ],
        mistake: "let = 3;\n",
        completion: ("    size::si\n", "size"),
        says: "Says it",
        rename: ("width", 2),
        spoilt: "    ",
        lacks: &[
            // Not of a mistake in the syntax.
            Step::CodeAction,
            // Not of a command that Kiln does not have.
            Step::CodeLens,
        ],
        ..Case::EMPTY
    },
    Case {
        server: "jdtls",
        language: "Java",
        language_id: "java",
        files: &[
            (
                "Main.java",
                "public class Main {\n    public static void main(String[] args) {\n⟦format⟧        ⟦error⟧System.out.println(Size.⟦use⟧size(1));\n⟦complete⟧    }\n}\n",
            ),
            (
                "Size.java",
                "public class Size {\n    /** Says it. */\n    static int ⟦defined⟧size(int x) {\n        return x;\n    }\n}\n",
            ),
        ],
        mistake: "undeclared(3);\n",
        completion: ("        Size.si\n", "size"),
        says: "Says it",
        rename: ("width", 2),
        spoilt: "      ",
        ..Case::EMPTY
    },
    Case {
        server: "typeprof",
        language: "Ruby",
        language_id: "ruby",
        files: &[
            (
                "main.rb",
                "def ⟦defined⟧size(x)\n  x + 1\nend\n\n⟦error⟧⟦use⟧size(1)\n⟦complete⟧",
            ),
            (
                "typeprof.conf.json",
                "{\"typeprof_version\": \"experimental\", \"rbs_dir\": \"sig/\"}\n",
            ),
        ],
        mistake: "undeclared(3)\n",
        completion: ("si", "size"),
        lacks: &[
            // It answers none here.
            Step::Completion,
            // It answers none here.
            Step::Hover,
            // They are none here.
            Step::References,
            Step::SignatureHelp,
            Step::Rename,
            Step::Format,
        ],
        ..Case::EMPTY
    },
    Case {
        server: "sqruff",
        language: "SQL",
        language_id: "sql",
        files: &[("main.sql", "SELECT a\n⟦format⟧FROM b\n⟦error⟧WHERE a = 1\n")],
        mistake: "where c = 1\n",
        spoilt: "      ",
        lacks: &[
            Step::Completion,
            Step::Hover,
            Step::Definition,
            Step::Rename,
        ],
        ..Case::EMPTY
    },
    Case {
        server: "kotlin-language-server",
        language: "Kotlin",
        language_id: "kotlin",
        files: &[
            (
                "src/main/kotlin/Main.kt",
                "fun main() {\n    ⟦error⟧println(⟦use⟧size(1))\n⟦complete⟧}\n",
            ),
            (
                "src/main/kotlin/Size.kt",
                "/** Says it. */\nfun ⟦defined⟧size(x: Int): Int = x\n",
            ),
        ],
        mistake: "undeclared(3)\n",
        completion: ("    siz\n", "size"),
        says: "size",
        rename: ("width", 2),
        lacks: &[Step::Format],
        ..Case::EMPTY
    },
    Case {
        server: "terraform-ls",
        language: "Terraform",
        language_id: "terraform",
        files: &[(
            "main.tf",
            "variable \"⟦defined⟧size\" {\n⟦format⟧  type = number\n}\n\n⟦error⟧output \"a\" {\n  value = var.⟦use⟧size\n}\n\n⟦complete⟧",
        )],
        mistake: "output {\n",
        completion: ("modu", "module"),
        says: "size",
        spoilt: "      ",
        tab_size: 2,
        lacks: &[Step::Rename],
        ..Case::EMPTY
    },
    Case {
        server: "csharp-ls",
        language: "C#",
        language_id: "csharp",
        files: &[
            (
                "Main.cs",
                "class Program {\n    static void Main() {\n        ⟦error⟧System.Console.WriteLine(Sizes.⟦use⟧Size(1));\n⟦complete⟧    }\n}\n",
            ),
            (
                "Sizes.cs",
                "static class Sizes {\n    /// <summary>Says it.</summary>\n    public static int ⟦defined⟧Size(int x) => x;\n}\n",
            ),
            (
                "sizes.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <PropertyGroup>\n    <OutputType>Exe</OutputType>\n    <TargetFramework>net8.0</TargetFramework>\n  </PropertyGroup>\n</Project>\n",
            ),
        ],
        mistake: "Undeclared(3);\n",
        completion: ("        Sizes.Si\n", "Size"),
        says: "Says it",
        rename: ("Width", 2),
        lacks: &[Step::Format],
        ..Case::EMPTY
    },
    Case {
        server: "metals",
        language: "Scala",
        language_id: "scala",
        files: &[
            (
                "src/main/scala/Main.scala",
                "@main def run(): Unit = {\n  ⟦error⟧println(Sizes.⟦use⟧size(1))\n⟦complete⟧}\n",
            ),
            (
                "src/main/scala/Sizes.scala",
                "object Sizes {\n  /** Says it. */\n  def ⟦defined⟧size(x: Int): Int = x\n}\n",
            ),
            ("build.sbt", "scalaVersion := \"3.3.4\"\n"),
        ],
        mistake: "undeclared(3)\n",
        completion: ("  Sizes.si\n", "size"),
        says: "size",
        rename: ("width", 2),
        tab_size: 2,
        lacks: &[Step::Format],
        ..Case::EMPTY
    },
];
