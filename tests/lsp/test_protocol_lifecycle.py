import json
import os
import subprocess
import sys
from typing import Any

import pytest

from raw_client import RawClient, framed


def code(answer: dict[str, Any]) -> int:
    return answer["error"]["code"]


def test_from_initialize_to_exit(server: RawClient) -> None:
    assert server.initialize()["serverInfo"]["name"] == "dragoman"
    assert server.end() == 0
    assert server.stderr() == ""


def test_requests_before_initialize_are_refused_and_notifications_dropped(server: RawClient) -> None:
    server.notify("textDocument/didOpen", {"textDocument": 1})
    assert code(server.request("textDocument/hover", {})) == -32002
    assert code(server.request("sample/unknown")) == -32002
    assert code(server.request("shutdown")) == -32002
    assert code(server.request("initialize", [])) == -32602
    assert server.initialize()["capabilities"]


def test_requests_after_shutdown_are_refused(server: RawClient) -> None:
    server.initialize()
    assert server.request("shutdown") == {"jsonrpc": "2.0", "id": 2, "result": None}
    for method in ("textDocument/hover", "shutdown", "initialize", "sample/unknown"):
        assert code(server.request(method, {})) == -32600
    server.notify("textDocument/didOpen", {})
    server.notify("exit")
    assert server.wait() == 0


def test_exit_before_initialize(server: RawClient) -> None:
    server.notify("exit")
    assert server.wait() == 1


def test_exit_without_shutdown(server: RawClient) -> None:
    server.initialize()
    server.notify("exit", {})
    assert server.wait() == 1


def test_nothing_is_handled_after_exit(sample: RawClient) -> None:
    late = {"jsonrpc": "2.0", "id": 9, "method": "sample/ping"}
    # In one write: by the next one, the server may be gone.
    sample.write(framed(b'{"jsonrpc": "2.0", "method": "exit"}') + framed(json.dumps(late).encode()))
    with pytest.raises(EOFError):
        sample.receive()
    assert sample.wait() == 1
    assert "closed in order" in sample.stderr()


@pytest.mark.parametrize(("shut_down", "exit_code"), [(False, 1), (True, 0)])
def test_the_end_of_the_input_ends_the_server(sample: RawClient, shut_down: bool, exit_code: int) -> None:
    if shut_down:
        sample.request("shutdown")
    sample.process.stdin.close()
    assert sample.wait() == exit_code
    assert "closed in order" in sample.stderr()
    assert "'exit' failed: ValueError" in sample.stderr()


def test_a_client_that_reads_no_more_ends_the_server() -> None:
    reading, writing = os.pipe()
    with RawClient(stdout=writing) as client:
        os.close(writing)
        client.start_request("initialize", {"capabilities": {}})
        assert os.read(reading, 1)
        os.close(reading)
        assert client.wait() == 1


def test_shutdown_cancels_what_still_runs(sample: RawClient) -> None:
    id_ = sample.start_request("sample/sleep")
    assert sample.receive()["method"] == "sample/asleep"
    shutdown = sample.start_request("shutdown")
    assert sample.receive() == {"jsonrpc": "2.0", "id": shutdown, "result": None}
    assert code(sample.answer(id_)) == -32800


def test_the_death_of_the_parent_ends_the_server(server: RawClient) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as parent:
        server.initialize(processId=parent.pid)
        parent.kill()
        assert server.wait() == 1


def test_a_parent_that_is_dead_already(server: RawClient) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as parent:
        parent.wait()
    server.start_request("initialize", {"processId": parent.pid, "rootUri": None, "capabilities": {}})
    assert "result" in server.receive()
    assert server.wait() == 1


def test_a_living_parent_is_left_alone(server: RawClient) -> None:
    server.initialize(processId=os.getpid())
    assert server.end() == 0
