# What people and programs do now and then: runs each command at about its period. errands.py SEED 'every SECONDS: COMMAND'...
import heapq
import random
import shlex
import subprocess
import sys
import time

chance = random.Random(int(sys.argv[1]))
waiting = []
for number, errand in enumerate(sys.argv[2:]):
    period, _, command = errand.removeprefix("every ").partition(": ")
    # The first time soon, so that a short recording shows it as well.
    heapq.heappush(waiting, (time.monotonic() + chance.uniform(2, 12), number, float(period), shlex.split(command)))
while waiting:
    due, number, period, command = heapq.heappop(waiting)
    time.sleep(max(0.0, due - time.monotonic()))
    try:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20)
    except subprocess.TimeoutExpired:
        print("gave up:", *command, flush=True)
    heapq.heappush(waiting, (time.monotonic() + period * chance.uniform(0.7, 1.3), number, period, command))
