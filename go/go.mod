module callbot

go 1.23.0
