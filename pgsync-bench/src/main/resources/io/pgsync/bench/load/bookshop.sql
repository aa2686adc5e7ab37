-- The book shop: documents of about 800 bytes, each with one publisher and two or three authors.
-- Runs in psql too: psql -v books=200000 -v publishers=2000 -v authors=50000 -f bookshop.sql
CREATE TABLE publisher (
    id int PRIMARY KEY,
    name text NOT NULL,
    is_active boolean NOT NULL
);
CREATE TABLE author (
    id int PRIMARY KEY,
    name text NOT NULL,
    date_of_birth date
);
CREATE TABLE book (
    id int PRIMARY KEY,
    isbn text NOT NULL,
    title text NOT NULL,
    description text,
    price numeric(10, 2),
    rev int NOT NULL DEFAULT 0,
    publisher_id int NOT NULL REFERENCES publisher (id),
    publish_date timestamp
);
CREATE TABLE book_author (
    book_id int NOT NULL REFERENCES book (id) ON DELETE CASCADE,
    author_id int NOT NULL REFERENCES author (id) ON DELETE CASCADE,
    PRIMARY KEY (book_id, author_id)
);
INSERT INTO publisher (id, name, is_active)
    SELECT n, 'House of ' || n, n % 3 > 0
    FROM generate_series(1, :publishers) AS n;
INSERT INTO author (id, name, date_of_birth)
    SELECT n, 'Writer ' || md5('author' || n), date '1920-06-15' + n % 27000
    FROM generate_series(1, :authors) AS n;
INSERT INTO book (id, isbn, title, description, price, publisher_id, publish_date)
    SELECT n,
        '979-' || to_char(n, 'FM000000000'),
        'Book ' || md5('book' || n),
        'No. ' || n || repeat(' of a long row of volumes,', 4),
        (n % 9973) * 0.01,
        1 + n % :publishers,
        timestamp '1999-12-31 23:00' + n * interval '13 minutes'
    FROM generate_series(1, :books) AS n;
-- Every second book has a third author; a third of all authors apart, they are never the same.
INSERT INTO book_author (book_id, author_id)
    SELECT b, 1 + (b * 7 + k * (:authors / 3)) % :authors
    FROM generate_series(1, :books) AS b
    CROSS JOIN LATERAL generate_series(0, 1 + b % 2) AS k;
CREATE INDEX ON book (publisher_id);
CREATE INDEX ON book_author (author_id);
