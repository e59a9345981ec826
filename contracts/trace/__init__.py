"""What the exchanges of one task say together: held against the lifecycle that declares it."""
