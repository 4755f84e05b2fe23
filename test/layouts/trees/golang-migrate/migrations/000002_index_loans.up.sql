CREATE INDEX CONCURRENTLY loans_book_idx ON loans (book);
