import { addTask, changeTask, listTasks, type Task, type TaskChanges } from "./api.js";
import { dueInWords } from "./due.js";

const form = element("add", HTMLFormElement);
const title = element("title", HTMLInputElement);
const due = element("due", HTMLInputElement);
const list = element("tasks", HTMLUListElement);
const message = element("message", HTMLParagraphElement);

/** Draws what the service has. Other people change it too, so it is asked each time. */
async function refresh(): Promise<void> {
  const { today, tasks } = await listTasks();
  list.replaceChildren(...tasks.map((task) => row(task, today)));
  message.textContent = tasks.length === 0 ? "Nothing to do. Add the first task above." : "";
}

function row(task: Task, today: string): HTMLLIElement {
  const item = document.createElement("li");
  item.classList.toggle("done", task.done);

  const done = document.createElement("input");
  done.type = "checkbox";
  done.checked = task.done;
  done.setAttribute("aria-label", `Done: ${task.title}`);
  done.addEventListener("change", () => change(task, { done: done.checked }));

  const text = document.createElement("span");
  text.className = "title";
  text.textContent = task.title;

  const words = document.createElement("span");
  words.className = `due ${task.due_state}`;
  words.textContent = task.due !== null && !task.done ? dueInWords(task.due, today) : "";

  const date = document.createElement("input");
  date.type = "date";
  date.value = task.due ?? "";
  date.setAttribute("aria-label", `Due date of ${task.title}`);
  date.addEventListener("change", () => change(task, { due: date.value || null }));

  item.append(done, text, words, date);
  return item;
}

function change(task: Task, changes: TaskChanges): void {
  attempt(changeTask(task.id, changes));
}

/** Waits for a change and draws the list again; an error is shown, and what was drawn stays. */
async function attempt(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    await refresh();
    return true;
  } catch (error) {
    message.textContent = error instanceof Error ? error.message : String(error);
    return false;
  }
}

function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no #${id}`);
  return found;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await attempt(addTask(title.value, due.value || null))) form.reset();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) attempt(Promise.resolve());
});
attempt(Promise.resolve());
