"""Measures prodctl and clients of other authors against one sandbox, one after the other and over again.

    python3 .ci/clients/compare.py PRODCTL [--runs 7] [--npm FOLDER] [--glab FILE]

PRODCTL is the program to measure, which also serves the sandbox. FOLDER has node_modules with @gitbeaker/rest; python-gitlab is what this
Python imports. A client that is missing is left out, which the last line says. It prints a table for each task: how many requests, the time
of the processor and the wall clock as the median of the ratios to prodctl in the same round, and the most memory.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

NOW = "2018-08-24T16:00:00Z"
PYTHON = """
import json, os, sys, gitlab
gl = gitlab.Gitlab(os.environ["GITLAB_HOST"], private_token=os.environ["GITLAB_TOKEN"])
want = json.loads(sys.argv[2])
found = gl.projects.get(sys.argv[1], lazy=True).issues.list(iterator=True, per_page=100, **want)
json.dump([{"iid": i.iid, "title": i.title, "labels": i.labels} for i in found], sys.stdout)
"""
NODE = """
const { createRequire } = require('node:module');
const { Gitlab } = createRequire(process.argv[2] + '/x.cjs')('@gitbeaker/rest');
const api = new Gitlab({ host: process.env.GITLAB_HOST, token: process.env.GITLAB_TOKEN });
api.Issues.all({ projectId: process.argv[3], perPage: 100, ...JSON.parse(process.argv[4]) })
  .then((all) => process.stdout.write(JSON.stringify(all.map(({ iid, title, labels }) => ({ iid, title, labels })))));
"""
TASKS = [
    ("The open incidents of a small tracker", "handbook", "0s", ["incident", "list"], "acme/production", {"state": "opened", "labels": "incident"}),
    ("The 10,000 open issues of a tracker with 50,000", "load:50000", "0s", ["issue", "list"], "acme/infrastructure", {"state": "opened"}),
    ("The same, 20 ms for each answer", "load:50000", "20ms", ["issue", "list"], "acme/infrastructure", {"state": "opened"}),
]


def clients(args, folder, command, project, want):
    """The command line of each client that is there."""
    query = "&".join(f"{k}={v}" for k, v in want.items())
    yield "prodctl", [args.prodctl, *command, "-o", "json", "--now", NOW]
    if args.glab:
        yield "glab", [args.glab, "api", "--paginate", f"projects/{project.replace('/', '%2F')}/issues?per_page=100&{query}"]
    if subprocess.run([sys.executable, "-c", "import gitlab"], stderr=subprocess.DEVNULL).returncode == 0:
        yield "python-gitlab", [sys.executable, "-c", PYTHON, project, json.dumps(want)]
    if args.npm:
        script = os.path.join(folder, "list.cjs")
        with open(script, "w", encoding="utf-8") as f:
            f.write(NODE)
        yield "gitbeaker", ["node", script, os.path.abspath(args.npm), project, json.dumps(want)]


@contextlib.contextmanager
def sandbox(args, folder, seed, latency):
    """A sandbox, and its log of requests."""
    log = os.path.join(folder, "log")
    command = [args.prodctl, "sandbox", "--listen", "127.0.0.1:0", "--seed", seed, "--latency", latency, "--now", NOW, "--log", log]
    with open(os.devnull, "w", encoding="utf-8") as null:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=null, text=True)
        try:
            host = server.stdout.readline().strip().removeprefix("export GITLAB_HOST=")
            yield host, log
        finally:
            server.terminate()
            server.wait()


def run(command, env):
    """Runs a command to its end: seconds of the clock and of the processor, memory in MB."""
    start = time.monotonic()
    with open(os.devnull, "w", encoding="utf-8") as null:
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=null, stderr=null)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000


def lines(path):
    with open(path, encoding="utf-8") as f:
        return sum(1 for _ in f)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prodctl")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--npm", help="folder with node_modules")
    parser.add_argument("--glab", help="the program")
    args = parser.parse_args()
    args.prodctl = os.path.abspath(args.prodctl)
    names = set()
    for title, seed, latency, command, project, want in TASKS:
        with tempfile.TemporaryDirectory() as folder, sandbox(args, folder, seed, latency) as (host, log):
            config = os.path.join(folder, "prodctl.yaml")
            with open(config, "w", encoding="utf-8") as f:
                f.write("version: 1\ntrackers: {infrastructure: acme/infrastructure, production: acme/production}\n")
            env = os.environ | {"HOME": folder, "PRODCTL_CONFIG": config, "GITLAB_HOST": host, "GITLAB_TOKEN": "sandbox-maria",
                                "GLAB_CONFIG_DIR": folder, "GLAB_SEND_TELEMETRY": "false", "GLAB_CHECK_UPDATE": "false"}
            ways = dict(clients(args, folder, command, project, want))
            if args.glab:  # it uses https, and takes the host without a scheme
                address = host.removeprefix("http://")
                run([args.glab, "auth", "login", "--hostname", address, "--api-protocol", "http", "--token", "sandbox-maria"], env)
                ways["glab"] = ["env", "GITLAB_HOST=" + address, *ways["glab"]]
            names |= set(ways)
            requests, figures = {}, {name: [] for name in ways}
            for name, line in ways.items():  # also warms up
                before = lines(log) if os.path.exists(log) else 0
                run(line, env)
                requests[name] = lines(log) - before
            for _ in range(args.runs):
                for name, line in ways.items():
                    figures[name].append(run(line, env))
        print(f"\n**{title}**\n\n| Client | Requests | Processor | Clock | Memory |\n| --- | --- | --- | --- | --- |")
        for name, list_ in figures.items():
            ratio = [statistics.median(one[k] / ours[k] for one, ours in zip(list_, figures["prodctl"])) for k in (0, 1)]
            print(f"| {name} | {requests[name]} | {ratio[1]:.2f} | {ratio[0]:.2f} | {statistics.median(one[2] for one in list_):.0f} MB |", flush=True)
    missing = {"prodctl", "glab", "python-gitlab", "gitbeaker"} - names
    print(f"\nMedians of {args.runs} rounds on {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}; prodctl is 1. Left out: {', '.join(sorted(missing)) or 'none'}.")


main()
