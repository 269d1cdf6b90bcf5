import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from raw_client import PATIENCE_SECONDS, SERVE, RawClient, framed

SAMPLE = (sys.executable, str(Path(__file__).parent.parent / "protocol_server.py"))
INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
SHUTDOWN = {"jsonrpc": "2.0", "id": 2, "method": "shutdown"}
EXIT = {"jsonrpc": "2.0", "method": "exit"}


def stream(*messages: object) -> bytes:
    return b"".join(framed(json.dumps(message).encode()) for message in messages)


def test_one_byte_at_a_time(sample: RawClient) -> None:
    for byte in stream({"jsonrpc": "2.0", "id": "a", "method": "sample/ping"}):
        sample.write(bytes([byte]))
    assert sample.answer("a")["result"] == "pong"


def test_many_messages_at_once(sample: RawClient) -> None:
    sample.write(stream(*({"jsonrpc": "2.0", "id": number, "method": "sample/ping"} for number in range(2000))))
    assert [sample.receive()["id"] for _ in range(2000)] == list(range(2000))


def test_a_large_message_both_ways(sample: RawClient) -> None:
    text = "ä\u2028" * 5_000_000
    assert sample.request("sample/echo", {"text": text})["result"]["params"] == {"text": text}


def test_what_is_sent_at_once_arrives_whole(sample: RawClient) -> None:
    flood = sample.start_request("sample/flood", {"rounds": 400, "size": 20_000})
    assert sample.request("sample/ping")["result"] == "pong"
    assert sample.answer(flood)["result"] == 400
    drops = [message["params"] for message in sample.others]
    assert [drop["number"] for drop in drops] == list(range(400))
    assert {len(drop["text"]) for drop in drops} == {20_000}


def test_a_client_that_does_not_read_holds_up_the_sender_only() -> None:
    reading, writing = os.pipe()
    with RawClient(SAMPLE, stdout=writing) as client:
        os.close(writing)
        client.send(INITIALIZE)
        client.notify("sample/fill")
        client.wait_for_stderr("the client's pipe is full")
        client.notify("sample/note", {"text": "still here"})
        client.wait_for_stderr("still here")
        received = b""
        while b"sample/drained" not in received:
            received += os.read(reading, 65536)
        client.notify("exit")
        assert client.wait() == 1
    os.close(reading)


def test_a_client_that_does_not_read_does_not_hold_up_the_end() -> None:
    reading, writing = os.pipe()
    with RawClient(SAMPLE, stdout=writing) as client:
        os.close(writing)
        client.send(INITIALIZE)
        client.notify("sample/fill")
        client.wait_for_stderr("the client's pipe is full")
        client.notify("exit")
        assert client.wait() == 1
    os.close(reading)


def test_files_for_pipes(tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(stream(INITIALIZE, SHUTDOWN, EXIT))
    with source.open("rb") as stdin, target.open("wb") as stdout:
        assert subprocess.run(SERVE, stdin=stdin, stdout=stdout, timeout=PATIENCE_SECONDS).returncode == 0
    assert target.read_bytes().count(b"Content-Length: ") == 2
    assert target.read_bytes().endswith(b'{"jsonrpc":"2.0","id":2,"result":null}')


def test_nothing_for_an_input() -> None:
    done = subprocess.run(SERVE, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_SECONDS)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no socket pairs for a child")
def test_one_socket_for_both_directions() -> None:
    ours, theirs = socket.socketpair()
    with ours, subprocess.Popen(SERVE, stdin=theirs, stdout=theirs) as process:
        theirs.close()
        assert_serves(ours)
        assert process.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize("address", ["127.0.0.1:0", "localhost:0", "[::1]:0", ":0", "0"])
def test_tcp(address: str) -> None:
    command = [*SERVE, "--tcp", address]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        announced = re.search(r"listening on (\S+):(\d+)", process.stderr.readline())
        with socket.create_connection((announced[1].strip("[]"), int(announced[2]))) as client:
            assert_serves(client)
        assert process.wait(PATIENCE_SECONDS) == 0


def test_tcp_where_others_can_reach_it() -> None:
    with subprocess.Popen([*SERVE, "--tcp", "0.0.0.0:0"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr.readline() == (
            "dragoman serve: whoever reaches 0.0.0.0 can read your files and ask your agents through this server\n"
        )
        announced = re.search(r"listening on \S+:(\d+)", process.stderr.readline())
        with socket.create_connection(("127.0.0.1", int(announced[1]))) as client:
            assert_serves(client)


def assert_serves(client: socket.socket) -> None:
    client.settimeout(PATIENCE_SECONDS)
    client.sendall(stream(INITIALIZE))
    with client.makefile("rb") as received:
        assert received.readline().startswith(b"Content-Length: ")
        client.sendall(stream(SHUTDOWN, EXIT))
        assert received.read().endswith(b'{"jsonrpc":"2.0","id":2,"result":null}')


def test_tcp_where_it_cannot_listen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = subprocess.run([*SERVE, "--tcp", address], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert done.returncode == 2
    assert done.stderr.startswith(f"dragoman serve: cannot listen on {address}: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("address", ["", "localhost:", "localhost:http", "localhost:70000", ":"])
def test_an_address_that_is_none(address: str) -> None:
    from dragoman.cli.main import main

    with pytest.raises(SystemExit, match="2"):
        main(["serve", f"--tcp={address}"])


def test_the_log_goes_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "dragoman.log"
    with RawClient([*SERVE, "--stdio", "--log-level", "debug", "--log-file", str(file)]) as client:
        client.initialize()
        client.notify("sample/unknown\nx", {"secret": "sesame"})
        assert client.end() == 0
        assert client.stderr() == ""
    (line,) = (line for line in file.read_text().splitlines() if "unknown" in line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} DEBUG .*sample/unknown.*", line)
    assert "sesame" not in file.read_text()


def test_a_log_file_that_cannot_be_opened(tmp_path: Path) -> None:
    command = [*SERVE, "--log-file", str(tmp_path / "missing" / "log")]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("dragoman serve: cannot log to ")
    assert done.stderr.endswith("No such file or directory\n")
