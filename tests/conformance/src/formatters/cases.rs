//! The files, one or more a formatter.

use super::case::Case;

/// What is tried with each formatter of Python.
const PYTHON: Case = Case {
    language: "Python",
    file: "src/größe.py",
    text: "import sys\ndef  größe( x,y = 1 ):\n  '''Says it.'''\n  return   { 'größe':x,'b' : [ y,2 ] }\nprint( größe( 1 ) , file = sys.stderr , end = 'and the rest of the line' )\n",
    broken: Some("def größe(:\n"),
    ..Case::EMPTY
};

/// What is tried with each formatter of TypeScript.
const TYPESCRIPT: Case = Case {
    language: "TypeScript",
    file: "src/main.ts",
    text: "import {größe} from './sizes'\nexport async function main( x:number ) {\nconst all=[1,2,3].map( y=>({size:größe(y),x}) )\n    return all }\n",
    broken: Some("function (\n"),
    ..Case::EMPTY
};

/// What is tried with each formatter of Go.
const GO: Case = Case {
    language: "Go",
    file: "main.go",
    text: "package main\nimport \"fmt\"\nfunc  main( ) {\nx:=map[string]int{ \"größe\":1,\n\"b\" :2}\nfmt.Println( x )\n}\n",
    by_hand: &["-w"],
    needs: &[("go.mod", "module example.com/sizes\n\ngo 1.19\n")],
    broken: Some("package main\nfunc {\n"),
    ..Case::EMPTY
};

/// What is tried with each formatter of SQL.
const SQL: Case = Case {
    language: "SQL",
    file: "report.sql",
    text: "select  name,size from items where note='größe' and size>1 order by  name\n",
    ..Case::EMPTY
};

/// What is tried with each formatter of Terraform.
const TERRAFORM: Case = Case {
    language: "Terraform",
    file: "main.tf",
    text: "resource \"local_file\"   \"a\" {\n content=\"größe\"\n     filename    = \"a.txt\"\n}\n",
    by_hand: &["fmt"],
    broken: Some("resource {{\n"),
    ..Case::EMPTY
};

/// All that is tried, in the order of the catalogue.
pub const CASES: &[Case] = &[
    Case {
        formatter: "ruff",
        by_hand: &["format", "--quiet"],
        settings: Some(("ruff.toml", "indent-width = 2\n")),
        ..PYTHON
    },
    Case {
        formatter: "black",
        by_hand: &["--quiet"],
        settings: Some(("pyproject.toml", "[tool.black]\nline-length = 40\n")),
        ..PYTHON
    },
    Case {
        formatter: "yapf",
        by_hand: &["--in-place"],
        settings: Some((
            ".style.yapf",
            "[style]\nbased_on_style = pep8\nindent_width = 2\n",
        )),
        ..PYTHON
    },
    Case {
        formatter: "autopep8",
        by_hand: &["--in-place"],
        settings: Some(("pyproject.toml", "[tool.autopep8]\nindent-size = 2\n")),
        // It leaves what it cannot read as it is.
        broken: None,
        ..PYTHON
    },
    Case {
        formatter: "biome",
        by_hand: &["format", "--write"],
        settings: Some((
            "biome.json",
            "{ \"formatter\": { \"indentStyle\": \"space\", \"indentWidth\": 3 } }\n",
        )),
        ..TYPESCRIPT
    },
    Case {
        formatter: "prettier",
        by_hand: &["--write"],
        settings: Some((".prettierrc", "{ \"semi\": false }\n")),
        ..TYPESCRIPT
    },
    Case {
        formatter: "prettier",
        language: "CSS",
        file: "style.css",
        text: "a{color:RED;background : url( 'größe.png' )}\n@media (min-width:1px){b{margin:0}}\n",
        by_hand: &["--write"],
        settings: Some((".editorconfig", "[*]\nindent_style = tab\n")),
        broken: Some("a{\n"),
        ..Case::EMPTY
    },
    Case {
        formatter: "prettier",
        language: "HTML",
        file: "index.html",
        text: "<!doctype html><html><body><ul><li>größe</li>\n<li>b</li></ul><script>let a=1</script></body></html>\n",
        by_hand: &["--write"],
        settings: Some((".prettierrc", "{ \"tabWidth\": 8 }\n")),
        broken: Some("<a></b>\n"),
        ..Case::EMPTY
    },
    Case {
        formatter: "prettier",
        language: "YAML",
        file: "data.yaml",
        text: "größe:   1\nb:\n    -  x\n    -    'y'\n",
        by_hand: &["--write"],
        settings: Some((".prettierrc", "singleQuote: true\n")),
        broken: Some("a: [\n"),
        ..Case::EMPTY
    },
    Case {
        formatter: "prettier",
        language: "Markdown",
        file: "README.md",
        text: "Größe\n===\n\n*  one\n*  two\n\n```js\nlet a=1\n```\n",
        by_hand: &["--write"],
        settings: Some((".prettierrc", "{ \"semi\": false }\n")),
        ..Case::EMPTY
    },
    Case {
        formatter: "gofmt",
        ..GO
    },
    Case {
        formatter: "goimports",
        text: "package main\nfunc  main( ) {\nfmt.Println( \"größe\" )\n}\n",
        ..GO
    },
    Case {
        formatter: "gofumpt",
        ..GO
    },
    Case {
        formatter: "rustfmt",
        language: "Rust",
        file: "src/main.rs",
        text: "use std::{fs,env};\nasync fn  main( ) { let größe=vec![ 1,2 ];\n  for x in &größe { println!( \"{}\",x ) } }\n",
        by_hand: &["--edition", "2021"],
        settings: Some(("rustfmt.toml", "tab_spaces = 2\n")),
        broken: Some("fn (\n"),
        ..Case::EMPTY
    },
    Case {
        formatter: "shfmt",
        language: "shell",
        file: "run.sh",
        text: "#!/bin/bash\nif [ \"$1\" = größe ];then\necho   $1;fi\nfor x in a b;do echo \"$x\"\ndone\n",
        by_hand: &["-w"],
        settings: Some((
            ".editorconfig",
            "[*.sh]\nindent_style = space\nindent_size = 3\n",
        )),
        broken: Some("if then\n"),
        ..Case::EMPTY
    },
    Case {
        formatter: "clang-format",
        language: "C++",
        file: "src/main.cpp",
        text: "#include <vector>\nint main( ) { std::vector<int>  größe{ 1,2 };\nfor(auto x:größe) {if(x){return x;}}\nreturn 0; }\n",
        by_hand: &["-i"],
        settings: Some((".clang-format", "BasedOnStyle: LLVM\nIndentWidth: 8\n")),
        ..Case::EMPTY
    },
    Case {
        formatter: "google-java-format",
        language: "Java",
        file: "Main.java",
        text: "class  Main{int  größe( int x ){return x+1;}}\n",
        by_hand: &["-i"],
        broken: Some("class {\n"),
        ..Case::EMPTY
    },
    Case {
        formatter: "ktfmt",
        language: "Kotlin",
        file: "Main.kt",
        text: "fun  größe( x:Int ):Int{return x+1}\n",
        broken: Some("fun (\n"),
        ..Case::EMPTY
    },
    Case {
        formatter: "scalafmt",
        language: "Scala",
        file: "Main.scala",
        text: "object  Main{def größe( x:Int )=x+1}\n",
        needs: &[(
            ".scalafmt.conf",
            "version = 3.8.3\nrunner.dialect = scala3\n",
        )],
        broken: Some("object {\n"),
        ..Case::EMPTY
    },
    Case {
        formatter: "rubocop",
        language: "Ruby",
        file: "lib/sizes.rb",
        text: "def  size( x,y=1 )\n      {:größe=>x, :b   =>[ y ]}\nend\nputs size( 1 )\n",
        by_hand: &["--autocorrect"],
        settings: Some((
            ".rubocop.yml",
            "AllCops:\n  SuggestExtensions: false\n  NewCops: disable\nLayout/IndentationWidth:\n  Width: 4\n",
        )),
        ..Case::EMPTY
    },
    Case {
        formatter: "phpcbf",
        language: "PHP",
        file: "src/sizes.php",
        text: "<?php\nfunction  size($x,$y=1){\n  if($x){return $y;}\n    return array('größe'=>$x);\n}\n",
        settings: Some((
            "phpcs.xml",
            "<?xml version=\"1.0\"?>\n<ruleset name=\"own\"><rule ref=\"PSR12\"/></ruleset>\n",
        )),
        ..Case::EMPTY
    },
    Case {
        formatter: "terraform",
        ..TERRAFORM
    },
    Case {
        formatter: "tofu",
        ..TERRAFORM
    },
    Case {
        formatter: "sqruff",
        by_hand: &["fix"],
        settings: Some((
            ".sqruff",
            "[sqruff]\nrules = all\n\n[sqruff:rules:capitalisation.keywords]\ncapitalisation_policy = upper\n",
        )),
        ..SQL
    },
    Case {
        formatter: "sqlfluff",
        by_hand: &["format"],
        needs: &[(".sqlfluff", "[sqlfluff]\ndialect = ansi\n")],
        settings: Some((
            ".sqlfluff",
            "[sqlfluff]\ndialect = ansi\n\n[sqlfluff:indentation]\nindent_unit = tab\n",
        )),
        ..SQL
    },
    Case {
        formatter: "sql-formatter",
        by_hand: &["--fix"],
        settings: Some((".sql-formatter.json", "{ \"keywordCase\": \"upper\" }\n")),
        broken: Some("select ( from\n"),
        ..SQL
    },
    Case {
        formatter: "taplo",
        language: "TOML",
        file: "data.toml",
        text: "a=1\nbcd   =   \"größe\"\n[t]\nz=[1,2]\n",
        by_hand: &["format"],
        settings: Some(("taplo.toml", "[formatting]\nalign_entries = true\n")),
        broken: Some("a = [\n"),
        ..Case::EMPTY
    },
    Case {
        formatter: "yamlfmt",
        language: "YAML",
        file: "data.yaml",
        text: "größe:   1\nb:\n    -  x\n    -    y\nc: {d:  2}\n",
        settings: Some((".yamlfmt", "formatter:\n  type: basic\n  indent: 4\n")),
        broken: Some("a: [\n"),
        ..Case::EMPTY
    },
    Case {
        formatter: "mdformat",
        language: "Markdown",
        file: "README.md",
        text: "Größe\n===\n\n* one\n* two\n\n1. x\n1. y\n",
        settings: Some((".mdformat.toml", "number = true\n")),
        ..Case::EMPTY
    },
];
