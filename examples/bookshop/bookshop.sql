CREATE TABLE publisher (
    id   int PRIMARY KEY,
    name text NOT NULL,
    city text NOT NULL
);
CREATE TABLE author (
    id   int PRIMARY KEY,
    name text NOT NULL,
    born int
);
CREATE TABLE book (
    id           int PRIMARY KEY,
    title        text NOT NULL,
    published    date,
    price        numeric(8, 2) NOT NULL,
    publisher_id int REFERENCES publisher
);
CREATE TABLE book_author (
    book_id   int REFERENCES book ON DELETE CASCADE,
    author_id int REFERENCES author,
    PRIMARY KEY (book_id, author_id)
);
CREATE TABLE reader (
    id   int PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE review (
    id        int PRIMARY KEY,
    book_id   int NOT NULL REFERENCES book ON DELETE CASCADE,
    reader_id int REFERENCES reader,
    stars     int NOT NULL,
    verdict   text
);

CREATE INDEX ON book (publisher_id);
CREATE INDEX ON book_author (author_id);
CREATE INDEX ON review (book_id);
CREATE INDEX ON review (reader_id);

INSERT INTO publisher VALUES
    (1, 'Harbour Press', 'Lisbon'),
    (2, 'Northern Light', 'Oslo'),
    (3, 'Paper Lantern', 'Kyoto'),
    (4, 'Second Shelf', 'Dublin');

INSERT INTO author VALUES
    (1, 'Ada Lindqvist', 1961),
    (2, 'Tomas Okafor', 1974),
    (3, 'Marguerite Vale', 1948),
    (4, 'Kenji Moriyama', 1980),
    (5, 'Ines Carvalho', 1969),
    (6, 'Padraig Nolan', NULL);

INSERT INTO book VALUES
    (1, 'The Salt Road', '1998-03-12', 14.90, 1),
    (2, 'A Lamp for the Ferryman', '2003-09-01', 12.50, 1),
    (3, 'Winter Arithmetic', '2011-01-20', 18.00, 2),
    (4, 'The Cartographer''s Debt', '2015-06-05', 22.40, 2),
    (5, 'Small Engines', '2019-11-11', 9.95, 2),
    (6, 'Letters to a Lighthouse', '1987-04-30', 11.00, 1),
    (7, 'The Glass Orchard', '2008-10-17', 16.75, 3),
    (8, 'Rain Has No Address', '2021-02-02', 13.20, 3),
    (9, 'What the Tide Owes', '2017-07-23', 15.60, 4),
    (10, 'An Atlas of Unlit Rooms', '2013-12-06', 27.00, 3),
    (11, 'The Third Violin', '1994-05-19', 8.80, 4),
    (12, 'Borrowed Weather', '2023-08-14', 19.30, 4);

INSERT INTO book_author VALUES
    (1, 5), (2, 5), (2, 3), (3, 1), (4, 1), (4, 2), (5, 2), (6, 3),
    (7, 4), (8, 4), (9, 6), (10, 4), (10, 1), (11, 3), (12, 6), (12, 2);

INSERT INTO reader VALUES
    (1, 'Wilma'), (2, 'Jonas'), (3, 'Priya'), (4, 'Sam');

INSERT INTO review VALUES
    (1, 1, 1, 5, 'Could not put it down.'),
    (2, 1, 2, 4, 'Slow start, great end.'),
    (3, 3, 3, 3, NULL),
    (4, 4, 1, 5, 'Maps, debts and one very good dog.'),
    (5, 4, 3, 4, 'Read it twice.'),
    (6, 4, 4, 2, 'Too many maps.'),
    (7, 7, 2, 5, 'Luminous.'),
    (8, 8, 4, 4, 'Best read on a train.'),
    (9, 10, 3, 5, 'Worth every page.'),
    (10, 12, NULL, 1, 'Arrived wet.');
