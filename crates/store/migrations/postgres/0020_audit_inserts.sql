-- What an insert could replace, PostgreSQL asks the triggers of updates about.
SELECT 1;
