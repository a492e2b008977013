import type { DueState } from "./due.js";

export interface Task {
  readonly id: number;
  readonly title: string;
  readonly done: boolean;
  readonly due: string | null;
  readonly due_state: DueState;
}

export interface TaskList {
  /** The service's date, by which every client goes. */
  readonly today: string;
  readonly tasks: readonly Task[];
}

export type TaskChanges = Partial<Pick<Task, "title" | "done" | "due">>;

/** An answer that says what was wrong with the request. */
export class ApiError extends Error {}

export const listTasks = (): Promise<TaskList> => call("GET", "/tasks");

export const addTask = (title: string, due: string | null): Promise<Task> =>
  call("POST", "/tasks", { title, due });

export const changeTask = (id: number, changes: TaskChanges): Promise<Task> =>
  call("PATCH", `/tasks/${id}`, changes);

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new ApiError(errorOf(answer) ?? `the service answered ${response.status}`);
  return answer as T;
}

function errorOf(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return undefined;
  return String(answer.error);
}
