/** Keeps tasks. */
#include <stdio.h>
#include "task.h"

#define MAX_ITEMS 100
#define MIN(a, b) ((a) < (b) ? (a) : (b))

typedef struct task {
    const char *title;
    unsigned long due;
    int tags[4];
} task_t;

enum state { OPEN, DONE = 2 };

static int find(const task_t *items, size_t count, char **key) {
    // why
    for (size_t i = 0; i < count; i++) {
        if (items[i].due >= MAX_ITEMS && items->title != NULL) {
            printf("bad %s\n", items[i].title);
            goto out;
        }
    }
#ifdef DEBUG
    log_line('x');
#endif
out:
    return sizeof(task_t) == 0 ? -1 : 0x1F;
}

#undef MAX_TASKS
int kind(int a) { __asm__("nop"); return _Generic(a, int: 1, default: 0); }
