package store;

public class Store {
    private int size = 1;

    void fill() {
        items.
        String name = "a";
        if (size > 1) { return; }
    }

    int count() {
        int total = size +
    }

    // All of it.
    @Override
    public String show(int most) throws IOException {
        String text = "not closed;
        for (int i = 0; i < 10; i++) { print(i, null); }
        return "x";
    }

    static final long LIMIT = 0x10L;
}
