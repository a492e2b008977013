/** How urgent a task is. The service decides; the page only shows it. */
export type DueState = "overdue" | "today" | "soon" | "later" | "none";

const MILLISECONDS_A_DAY = 24 * 60 * 60 * 1000;

/** Days from one calendar date to another, both `YYYY-MM-DD`. Counted in UTC, where every day has 24 hours. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / MILLISECONDS_A_DAY);
}

/** A due date as people say it: "2 days late", "today", "in 3 days", "31 Mar". */
export function dueInWords(due: string, today: string): string {
  const days = daysBetween(today, due);
  if (days < 0) return days === -1 ? "1 day late" : `${-days} days late`;
  if (days === 0) return "today";
  if (days === 1) return "tomorrow";
  if (days <= 7) return `in ${days} days`;
  return dayAndMonth(due, today);
}

function dayAndMonth(due: string, today: string): string {
  const sameYear = due.slice(0, 4) === today.slice(0, 4);
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
    timeZone: "UTC",
  }).format(new Date(`${due}T00:00Z`));
}
