// Grammars whose scanners write past the buffer that the parser gives them for their state, write
// what they do not read back, or give up the program, with bounds around them. Everything else of a grammar stays as
// its crate has it: what is handed out is a copy of its table with other functions in it.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Bytes of the buffer (TREE_SITTER_SERIALIZATION_BUFFER_SIZE).
enum { BUFFER = 1024 };

// A grammar's table, of version 14 up to `name` and of version 15 with what follows, as
// tree-sitter's parser.h lays it out. What is not looked at here is a pointer to anything.
typedef struct {
    uint32_t version;
    uint32_t counts[8];
    uint16_t max_alias_sequence_length;
    const void *tables[13];
    bool (*lex)(void *, uint16_t);
    bool (*lex_keyword)(void *, uint16_t);
    uint16_t keyword_capture_token;
    struct {
        const void *states;
        const void *symbols;
        void *(*create)(void);
        void (*destroy)(void *);
        bool (*scan)(void *, void *, const bool *);
        unsigned (*serialize)(void *, char *);
        void (*deserialize)(void *, const char *, unsigned);
    } scanner;
    const void *primary_states;
    const char *name;
    const void *reserved_words;
    uint16_t max_reserved_words;
    uint32_t supertype_count;
    const void *supertypes[3];
    uint8_t metadata[3];
} Grammar;

typedef unsigned (*Serialize)(void *, char *);

static void copy(Grammar *to, const Grammar *from) {
    memcpy(to, from, from->version < 15 ? offsetof(Grammar, name) : sizeof *to);
}

// YAML: ten bytes, then four a level of nesting, the last of which may end two bytes behind the
// buffer. The deepest levels are left out, as the scanner itself does with those behind it.

static Grammar yaml;
static Serialize serialize_yaml;

static unsigned serialize_bounded_yaml(void *scanner, char *buffer) {
    enum { HEAD = 10, LEVEL = 4 };
    char state[2 * BUFFER];
    unsigned length = serialize_yaml(scanner, state);
    if (length > BUFFER) {
        length = HEAD + (BUFFER - HEAD) / LEVEL * LEVEL;
    }
    memcpy(buffer, state, length);
    return length;
}

// Ruby: open literals, five bytes each, and open heredocs with the words that end them. The last
// word may end two bytes behind the buffer; of a word's length a byte is kept, so that a longer one
// is read back as another, which ends the program in an assertion. Such a state is given up.

static Grammar ruby;
static Serialize serialize_ruby;

// Whether the scanner would read a state to its end.
static bool reads_back(const char *state, unsigned length) {
    unsigned at = 0;
    if (at >= length) {
        return false;
    }
    at += 1 + 5 * (unsigned)(unsigned char)state[at];
    if (at >= length) {
        return false;
    }
    unsigned heredocs = (unsigned char)state[at++];
    while (heredocs-- > 0) {
        if (at + 4 > length) {
            return false;
        }
        at += 4 + (unsigned)(unsigned char)state[at + 3];
    }
    return at == length;
}

static unsigned serialize_bounded_ruby(void *scanner, char *buffer) {
    char state[2 * BUFFER];
    unsigned length = serialize_ruby(scanner, state);
    if (length > BUFFER || !reads_back(state, length)) {
        return 0;
    }
    memcpy(buffer, state, length);
    return length;
}

// Kotlin: two bytes an open string. Where one more would not fit, the scanner ends the program; so
// the innermost are left out before that.

static Grammar kotlin;
static Serialize serialize_kotlin;

static unsigned serialize_bounded_kotlin(void *scanner, char *buffer) {
    enum { MOST = BUFFER - 16 };
    unsigned length = serialize_kotlin(scanner, buffer);
    return length > MOST ? MOST : length;
}

// To be called once, before the others.
void kiln_bound_scanners(
    const Grammar *the_kotlin, const Grammar *the_ruby, const Grammar *the_yaml
) {
    copy(&kotlin, the_kotlin);
    serialize_kotlin = the_kotlin->scanner.serialize;
    kotlin.scanner.serialize = serialize_bounded_kotlin;
    copy(&yaml, the_yaml);
    serialize_yaml = the_yaml->scanner.serialize;
    yaml.scanner.serialize = serialize_bounded_yaml;
    copy(&ruby, the_ruby);
    serialize_ruby = the_ruby->scanner.serialize;
    ruby.scanner.serialize = serialize_bounded_ruby;
}

const void *kiln_bounded_kotlin(void) {
    return &kotlin;
}

const void *kiln_bounded_yaml(void) {
    return &yaml;
}

const void *kiln_bounded_ruby(void) {
    return &ruby;
}
