"""How fast understudy is beside what people would use otherwise: ratios of one run only."""
