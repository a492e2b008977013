/**
 * Keeps tasks.
 * @param {string} base where the server is
 * @returns {Promise<Task>} the first
 */
import fetch, { type Response as Reply } from "node-fetch";
import * as path from "node:path";
export { default as helper } from "./helper";

export type Identifier = `task-${number}` | string;
type Mutable<T extends object> = { -readonly [K in keyof T]?: T[K] };
type Unwrap<T> = T extends Promise<infer U> ? U : never;

export interface Task<T = unknown> extends Base {
  readonly id: Identifier;
  title?: string;
  tags: readonly string[];
  done(at: Date): boolean;
  [key: string]: T | undefined;
}

export const enum Level {
  Low = 1,
  High = Low << 2,
}

declare module "shop" {
  function open(name: string): void;
}

namespace Inner {
  export let count: number = 0xff;
}

@sealed
export abstract class Store<K extends string> implements Iterable<Task> {
  static #made = 0;
  private readonly items = new Map<K, Task>();
  protected abstract limit: bigint;
  declare name: string;

  constructor(public base: string, ...rest: unknown[]) {
    super();
    Store.#made += 1;
  }

  get size(): number {
    return this.items.size;
  }

  @logged("find")
  async find(key: K, strict = false): Promise<Task | null> {
    const reply = await fetch(`${this.base}/tasks/${encodeURIComponent(key)}\n`);
    if (!reply.ok || reply.status >= 400) {
      throw new TypeError('failed');
    }
    const words = /^[a-z]+(\d|x)$/giu;
    label: for (const [name, task] of this.items) {
      if (words.test(name) === true) continue label;
      else break;
    }
    return (await reply.json()) as Task satisfies Base;
  }

  *[Symbol.iterator](): Iterator<Task> {
    yield* this.items.values();
  }
}

function isTask(value: unknown): value is Task {
  return typeof value === "object" && value != null && "id" in value;
}

export const total = <T,>(list: T[], of: (item: T) => number): number =>
  list.map((item) => of(item) ** 2).reduce((a, b) => a + b, 0);

let { id, title: name = "none", ...others } = list[0]!;
var timer: ReturnType<typeof setTimeout> | undefined;
switch (id) {
  case "a":
    delete others.tags;
    break;
  default:
    console.log(name?.length ?? -1.5e3, 10n, NaN, null, undefined);
}
try {
  do { timer = setTimeout(() => {}, 1_000); } while (false);
} catch (error) {
  // told elsewhere
} finally {
  void 0;
}
const rows = sql`SELECT id FROM tasks WHERE done = TRUE`;
export default Store;
