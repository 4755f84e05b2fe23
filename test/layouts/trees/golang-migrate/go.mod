module example.test/library

go 1.22

require github.com/golang-migrate/migrate/v4 v4.17.0
