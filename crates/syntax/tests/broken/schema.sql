CREATE TABLE accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL,
    owner_id bigint,
    CONSTRAINT accounts_email_key UNIQUE (email),
    CONSTRAINT owner_fk FOREIGN KEY (owner_id) REFERENCES accounts (id) ON DELETE CASCADE
);

GRANT SELECT, INSERT ON accounts TO app;
REVOKE ALL PRIVILEGES ON accounts FROM public;

ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON accounts USING (email = current_user);

SELECT email, 'it''s' FROM accounts WHERE id = 2 AND email IS NOT NULL;

CREATE FUNCTION tidy() RETURNS void AS $$
DECLARE
    total integer := 0;
BEGIN
    -- All of them.
    FOR account IN SELECT * FROM accounts LOOP
        IF total > 10 THEN
            RAISE NOTICE 'more than %', total;
        ELSIF total = 0 THEN
            PERFORM forget(account.id);
        END IF;
        total := total + 1;
    END LOOP;
EXCEPTION
    WHEN OTHERS THEN
        RAISE;
END;
$$ LANGUAGE plpgsql;

SELECT now() - INTERVAL '1 day' FROM accounts;
