package sqldb

// Waiting is how many functions are queued for the writer of a SQLite database.
func Waiting(db DB) int { return len(db.(*sqliteDB).writer.queue) }
