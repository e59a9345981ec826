"""The vendors' real hosts answered inside this process, and sleeps that move the fake's clock."""
