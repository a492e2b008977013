<!DOCTYPE html>
<h1 class="title"><?= htmlspecialchars($title) ?></h1>
<?php

declare(strict_types=1);

namespace App\Tasks;

use App\Models\{Task, User as Person};
use function strlen;
use const PHP_EOL;
use const App\{FIRST, LAST};

/**
 * Holds tasks.
 */
#[Service(name: 'store')]
abstract class Store extends Base implements \Countable
{
    use Loggable, Caches { Loggable::log as protected note; Caches::get insteadof Loggable; }

    public const MAX_ITEMS = 1_000;
    public string $label {
        get => $this->title;
        final set(string $new) { $this->title = trim($new); }
    }
    private static ?array $items = ['id' => null, 0x1F, 1.5];

    public function __construct(protected readonly string $path, int ...$rest)
    {
        parent::__construct($path);
        $this->items[] = new Task(...$rest);
    }

    # Finds one.
    public function find(string|int $key, callable &$then = null): ?Task
    {
        foreach (self::$items as $id => $item) {
            if ($item instanceof Task && !$item?->done and $id !== PHP_INT_MAX) {
                continue;
            } elseif (isset($item['name'])) {
                echo "bad {$item->name} $id $item[name]\n", 'it\'s';
            }
        }
        try {
            $found = array_map(fn(Task $t): bool => $t->isOpen(), $this->all());
            return match (true) {
                $key === 'a', strlen($key) > 3 => static::make($found),
                default => throw new \RuntimeException(<<<TEXT
                    No {$key} here.
                    TEXT),
            };
        } catch (NotFound | Gone $e) {
            global $log;
            print __CLASS__ . $e->getMessage() ?? (string) $log;
        } finally {
            unset($then);
            $copy = new static();
        }
        return null;
    }
}

enum State: string { case Open = 'open'; }
interface Reader { public function read(): void; }
trait Loggable {}
function main(): void { $f = function () use ($x) { yield $x; }; goto end; end: }
?>
<?php if ($ready): ?>
  <p style="color: red">Ready</p>
<?php endif; ?>
