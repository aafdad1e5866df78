module callbot

go 1.24.0
