"""Counting: one line a group of combinations, a closing line, and a floor under the number that ran."""

from contextlib import contextmanager


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    @contextmanager
    def group(self, title):
        passed, failed = self.passed, self.failed
        yield
        passed, failed = self.passed - passed, self.failed - failed
        print(f"{'FAIL' if failed else 'ok  '} {title}: {passed} passed, {failed} failed", flush=True)

    @contextmanager
    def check(self, what):
        """Counts its body. Whatever goes wrong in it is the failure of that one check: each peer has
        exceptions of its own, and the checks that follow must still run."""
        try:
            yield
        except Exception as error:
            self.failed += 1
            print(f"     {what}: {type(error).__name__}: {error}", flush=True)
        else:
            self.passed += 1

    def close(self, minimum) -> bool:
        """Prints the closing line; true when all passed and none were left out."""
        print(f"{self.passed} passed, {self.failed} failed")
        ran = self.passed + self.failed
        if ran < minimum:
            print(f"only {ran} checks ran, there must be at least {minimum}")
        return self.failed == 0 and ran >= minimum
