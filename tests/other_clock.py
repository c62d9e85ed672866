"""`python -m tests.other_clock HOURS MODULE ARGUMENT …`: a process whose clock is so many hours ahead, or behind."""

import runpy
import sys
import time

import time_machine


def main():
    hours, module = float(sys.argv[1]), sys.argv[2]
    sys.argv = sys.argv[2:]
    with time_machine.travel(time.time() + hours * 3600):
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
