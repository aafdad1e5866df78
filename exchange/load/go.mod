module load

go 1.24.0

require callbot v0.0.0

replace callbot => ../../go
