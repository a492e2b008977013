namespace Store;

public class Store
{
    private int size = 1;

    public void Fill()
    {
        items.
        string name = "a";
        if (size > 1) { return; }
    }

    [Test]
    public async Task Wait(

    public string Name { get; set; } = "x";

    public int Count()
    {
        var text = "not closed;
        foreach (var item in items) { await Print(item, null); }
        return 3; // All of them.
    }
}
