-- Tasks and who does them.
/* Two tables. */
CREATE TABLE IF NOT EXISTS shop.tasks (
    id SERIAL PRIMARY KEY,
    title VARCHAR(200) NOT NULL DEFAULT 'none',
    price NUMERIC(10, 2) CHECK (price >= 0),
    done BOOLEAN DEFAULT FALSE,
    owner_id INT REFERENCES people (id) ON DELETE CASCADE,
    made TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT whole PRIMARY KEY (id)
);

CREATE UNIQUE INDEX tasks_by_owner ON tasks (owner_id);
ALTER TABLE tasks ADD COLUMN note TEXT;

CREATE OR REPLACE VIEW open_tasks AS
SELECT t.id, p."full name" AS owner
FROM tasks AS t
    LEFT JOIN people p ON p.id = t.owner_id
WHERE t.done IS NOT TRUE AND t.title LIKE '%it''s%' OR t.price BETWEEN 1 AND 2.5;

WITH recent AS (
    SELECT owner_id, COUNT(*) AS many, MAX(made) OVER (PARTITION BY owner_id ORDER BY id DESC)
    FROM tasks
    GROUP BY owner_id
    HAVING COUNT(*) > 3
)
SELECT DISTINCT CASE WHEN many IS NULL THEN 'none' ELSE LOWER(title) END
FROM recent
WHERE owner_id IN (SELECT id FROM people) AND NOT EXISTS (SELECT 1)
ORDER BY many DESC
LIMIT 10 OFFSET 5;

INSERT INTO tasks (title, price) VALUES ('a', 1.5), ('b', NULL);
UPDATE tasks SET done = TRUE, price = price * 2 WHERE id = 1;
DELETE FROM tasks WHERE id <> 2;

CREATE FUNCTION add_one(n INTEGER) RETURNS INTEGER LANGUAGE plpgsql AS $$
BEGIN
    RETURN n + 1;
END;
$$;

BEGIN;
DROP TABLE IF EXISTS old_tasks;
COMMIT;
