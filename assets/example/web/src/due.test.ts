import assert from "node:assert/strict";
import { test } from "node:test";

import { daysBetween, dueInWords } from "./due.js";

const TODAY = "2026-03-14";

test("due dates are said as people say them", () => {
  const cases: [string, string][] = [
    ["2026-03-12", "2 days late"],
    ["2026-03-13", "1 day late"],
    ["2026-03-14", "today"],
    ["2026-03-15", "tomorrow"],
    ["2026-03-21", "in 7 days"],
    ["2026-03-31", "31 Mar"],
    ["2027-01-02", "2 Jan 2027"],
  ];
  for (const [due, words] of cases) assert.equal(dueInWords(due, TODAY), words);
});

test("a day is a day when the clocks change", () => {
  assert.equal(daysBetween("2026-03-28", "2026-03-30"), 2);
  assert.equal(daysBetween("2026-10-26", "2026-10-24"), -2);
});

test("days add up over any stretch", () => {
  const start = Date.UTC(2024, 0, 1);
  for (let days = 0; days < 2000; days += 13) {
    const later = new Date(start + days * 86_400_000).toISOString().slice(0, 10);
    assert.equal(daysBetween("2024-01-01", later), days);
  }
});
