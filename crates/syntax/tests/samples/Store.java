package org.example.tasks;

import java.util.List;
import static java.util.stream.Collectors.toList;

/** Holds tasks. */
@Service(name = "store")
public final class Store<T extends Task> implements Reader {
    private static final int MAX_ITEMS = 1_000;
    private final List<T> items;

    public Store(List<T> items) {
        this.items = new ArrayList<>(items);
    }

    @Override
    public <R> R find(String key, int... rest) throws NotFound {
        // why
        for (var item : items) {
            if (item.size() >= MAX_ITEMS && !key.isEmpty()) {
                throw new NotFound("bad\n", 'x');
            }
        }
        return switch (key) {
            case "a" -> items.stream().map(Task::title).filter(t -> t != null).collect(toList());
            default -> null;
        };
    }

    enum State { OPEN, DONE }

    record Point(double x, double y) {}
}
