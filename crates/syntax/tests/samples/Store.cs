#nullable enable
using System.Linq;
using static System.Math;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Example.Tasks;

/// <summary>Holds tasks.</summary>
[Serializable, Obsolete("why")]
public sealed partial class Store<T> : IReader, IDisposable where T : class, new()
{
    public const int MaxItems = 1_000;
    private readonly List<T?> _items = new() { null };

    public event EventHandler? Changed;

    public int Count { get; private set; } = 0x1F;
    public T this[int index] => _items[index]!;

    public Store(string path, params int[] rest) : base(path) { this.Count = rest.Length; }

    public delegate void Done(object sender);

    public static bool operator ==(Store<T> a, Store<T> b) => ReferenceEquals(a, b);

    public async Task<R> FindAsync<R>(string key, ref int at, out bool found)
    {
        // Each of them.
        foreach (var item in _items.Where(x => x is not null && x.Size >= MaxItems))
        {
            if (item is Point { X: > 0 } p) continue;
            await Task.Delay(10).ConfigureAwait(false);
        }
        try
        {
            found = key.Length == 0 ? true : !default(bool);
            Console.WriteLine($"bad {key,-10:N2}\n" + @"C:\dir" + 'x' + """raw "text" here""");
        }
        catch (Exception e) when (e.Message != null)
        {
            throw new NotFound<T>(nameof(key), e);
        }
        finally { goto end; }
        end:
        var query = from t in _items orderby t.Name descending select new { t.Id, Name = t.Title ?? "" };
        return key switch
        {
            "a" or "b" => typeof(T).Name,
            { Length: > 3 } => (1.5m, b: 2.0f),
            _ => throw new InvalidOperationException(),
        };
    }
}

internal enum State : byte { Open = 1, Done }
public record Point(double X, double Y);
public interface IReader { void Read(); }
#if DEBUG
struct Pair { public int* p; }
#endif
