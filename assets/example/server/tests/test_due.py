import unittest
from datetime import date, timedelta

from server.due import DueDateError, DueState, due_state, parse_due

TODAY = date(2026, 3, 14)


class ParseDue(unittest.TestCase):
    def test_a_date_comes_back_as_it_was_sent(self):
        for days in range(0, 3000, 7):
            text = (TODAY + timedelta(days=days)).isoformat()
            self.assertEqual(parse_due(text).isoformat(), text)

    def test_no_date_is_no_date(self):
        self.assertIsNone(parse_due(None))

    def test_what_is_no_calendar_date_is_refused_in_words(self):
        wrong = ["", "tomorrow", "2026-02-30", "20260314", "2026-W11-6", "2026-3-14", "14.03.2026", 2026, True]
        for value in wrong:
            with self.subTest(value=value), self.assertRaisesRegex(DueDateError, "due must be a date"):
                parse_due(value)


class State(unittest.TestCase):
    def test_every_day_has_exactly_one_state(self):
        for days in range(-400, 400):
            expected = (
                DueState.OVERDUE if days < 0
                else DueState.TODAY if days == 0
                else DueState.SOON if days <= 3
                else DueState.LATER
            )
            due = TODAY + timedelta(days=days)
            self.assertIs(due_state(due, done=False, today=TODAY), expected, days)

    def test_what_is_done_or_undated_is_not_urgent(self):
        self.assertIs(due_state(TODAY - timedelta(days=9), done=True, today=TODAY), DueState.NONE)
        self.assertIs(due_state(None, done=False, today=TODAY), DueState.NONE)


if __name__ == "__main__":
    unittest.main()
