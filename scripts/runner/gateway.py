"""Kernels on a Jupyter gateway: Kernel Gateway, Enterprise Gateway, or any Jupyter server.

jupyter_server's own client of gateways does the work. What is added here is what it lacks: it opens the kernel's
channels without credentials, it keeps a processor busy while it waits, it cannot tell whether a kernel is alive, and it
does not notice that a gateway has replaced a kernel that died.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from base64 import b64encode
from queue import Empty
from threading import Thread
from time import monotonic
from typing import Any, Callable

import websocket
from jupyter_client import KernelClient
from jupyter_server.gateway.gateway_client import GatewayClient, gateway_request
from jupyter_server.gateway.managers import ChannelQueue, GatewayKernelClient, GatewayKernelManager
from jupyter_server.utils import url_path_join
from remote_kernel import GatewayError
from tornado.escape import json_decode, url_escape
from tornado.web import HTTPError

LOST = "it has stopped, or has ended the kernel; its log says which"
# A gateway that is restarted behind a load balancer may be away for a moment.
PATIENCE_SECONDS = 30


class PatientQueue(ChannelQueue):
    """Messages of one channel, put in by the router's thread. Sleeps while there are none."""

    def __init__(self, name: str, client: RemoteKernelClient) -> None:
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        super().__init__(name, client.channel_socket, client.log)
        self._client = client

    @property
    def response_router_finished(self) -> bool:
        return self._finished

    @response_router_finished.setter
    def response_router_finished(self, finished: bool) -> None:
        self._finished = finished
        self._wake()

    def put_nowait(self, message: dict[str, Any]) -> None:
        self._client.notice(message)
        super().put_nowait(message)
        self._wake()

    def _wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    async def _async_get(self, timeout: float | None = None) -> dict[str, Any]:
        end = None if timeout is None else monotonic() + timeout
        while True:
            self._news.clear()
            try:
                return self.get(block=False)
            except Empty:
                if self.response_router_finished:
                    raise GatewayError(f"the gateway at {address()} closed the connection: {LOST}") from None
            try:
                await asyncio.wait_for(self._news.wait(), None if end is None else end - monotonic())
            except asyncio.TimeoutError:
                raise Empty from None


class RemoteKernelClient(GatewayKernelClient):
    """The channels of a kernel on a gateway."""

    died = False
    on_fault: Callable[[str], None] = staticmethod(lambda sentence: None)

    async def start_channels(self, **channels: bool) -> None:
        gateway = GatewayClient.instance()
        url = url_path_join(gateway.ws_url, gateway.kernels_endpoint, url_escape(self.kernel_id), "channels")
        try:
            self.channel_socket = await asyncio.to_thread(
                websocket.create_connection,
                url,
                timeout=gateway.KERNEL_LAUNCH_TIMEOUT,
                header=credentials(),
                sslopt=tls_options(),
                enable_multithread=True,
            )
        except (websocket.WebSocketException, OSError) as error:
            raise GatewayError(f"the gateway at {gateway.url} gives no channels to the kernel: {error}") from error
        # A cell may be silent for as long as it likes. Whether the gateway is there, is_alive asks.
        self.channel_socket.settimeout(None)
        for name in ("shell", "iopub", "stdin", "control"):
            queue = PatientQueue(name, self)
            self._channel_queues[name] = queue
            setattr(self, f"_{name}_channel", queue)
        KernelClient.start_channels(self, **channels)
        self.response_router = Thread(target=self._route_responses, daemon=True)
        self.response_router.start()

    def stop_channels(self) -> None:
        if self.channel_socket is None:
            return
        self.channel_socket.abort()  # Wakes the router, which may wait for a gateway that is gone.
        super().stop_channels()

    def notice(self, message: dict[str, Any]) -> None:
        """Called for every message, by the router's thread."""
        content = message["content"]
        if message["msg_type"] == "status" and content.get("execution_state") in ("restarting", "dead"):
            self.died = True
        # What the gateway puts in the place of what it has dropped.
        if message["msg_type"] == "stream" and re.match(r"IOPub (message|data) rate exceeded\.", content["text"]):
            self.on_fault(
                "the gateway dropped output that came too fast: "
                "start it with --ZMQChannelsWebsocketConnection.limit_rate=False"
            )

    async def is_alive(self) -> bool:
        return not self.died and await self.parent.is_alive()

    _async_is_alive = is_alive


class RemoteKernelManager(GatewayKernelManager):
    """Starts and ends one kernel on a gateway."""

    client_factory = RemoteKernelClient

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._starting: asyncio.Future[None] | None = None
        self._heard = monotonic()

    @property
    def has_kernel(self) -> bool:
        return self.kernel is not None or (self._starting is not None and not self._starting.done())

    async def start_kernel(self, **kwargs: Any) -> None:
        # A request that is under way starts a kernel also when nobody waits for the answer: see shutdown_kernel.
        self._starting = asyncio.ensure_future(super().start_kernel(**kwargs))
        try:
            await asyncio.shield(self._starting)
        except Exception as error:
            raise GatewayError(explain(error, "starting a kernel")) from error
        self._heard = monotonic()

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
        if self._starting is not None:
            await asyncio.wait([self._starting])
        if self.kernel is None:
            return
        try:
            await super().shutdown_kernel(now=now)
        except Exception as error:  # It is gone, and the failure that we are about to report says so.
            self.log.warning("the gateway did not end kernel %s: %s", self.kernel_id, error)
        self.kernel = None

    async def is_alive(self) -> bool:
        """Whether the gateway still has the kernel. One that does not answer may do so again in a moment."""
        if self.kernel is None:
            return False
        try:
            await self.refresh_model()
            self._heard = monotonic()
        except Exception:
            return monotonic() - self._heard < PATIENCE_SECONDS
        return self.kernel is not None

    _async_is_alive = is_alive


def address() -> str:
    return GatewayClient.instance().url


async def find_kernel(name: str) -> None:
    """Asks the gateway for a kernel spec. Raises GatewayError where there is none, or no gateway."""
    endpoint = url_path_join(address(), GatewayClient.instance().kernelspecs_endpoint)
    try:
        response = await gateway_request(endpoint, method="GET")
        names = list(json_decode(response.body)["kernelspecs"])
    except (ValueError, KeyError, TypeError) as error:
        raise GatewayError(f"what answers at {address()} is no Jupyter gateway: it lists no kernels") from error
    except Exception as error:
        raise GatewayError(explain(error, "listing kernels")) from error
    if name not in names:
        raise GatewayError(
            f"the gateway at {address()} has no kernel named {name}, only {', '.join(names) or 'none at all'}: "
            "give it this project's kernel spec (docs/scale.md)"
        )


def explain(error: BaseException, what: str) -> str:
    """A sentence about a request that the gateway did not grant."""
    url = address()
    cause = error.__cause__ or error
    if isinstance(cause, (ConnectionError, socket.gaierror)):
        return f"no gateway answers at {url} ({cause}): start one, or correct --gateway-url"
    if isinstance(cause, ssl.SSLError):
        return f"the certificate of the gateway at {url} is not accepted ({cause}): name its issuer in JUPYTER_GATEWAY_CA_CERTS"
    status = getattr(error, "status_code", None) if isinstance(error, HTTPError) else getattr(error, "code", None)
    if status == 401 or (status == 403 and "Resource Limit" not in str(error)):
        return f"the gateway at {url} refuses our credentials (HTTP {status}): put its token into JUPYTER_GATEWAY_AUTH_TOKEN"
    if status == 403:
        return f"the gateway at {url} runs no more kernels than it does now (HTTP 403): lower --jobs, or raise its limit"
    if status == 404:
        return f"what answers at {url} is no Jupyter gateway (HTTP 404): correct --gateway-url"
    if status == 599:
        return f"the gateway at {url} did not answer in time, {what}: JUPYTER_GATEWAY_REQUEST_TIMEOUT sets how long to wait"
    reason = getattr(error, "log_message", None) or str(error) or type(error).__name__
    return f"the gateway at {url} failed, {what}: {reason}"


def credentials() -> dict[str, str]:
    """Headers that every request to the gateway has, also the one that opens the channels."""
    arguments = GatewayClient.instance().load_connection_args()
    headers = dict(arguments.get("headers", {}))
    if "auth_username" in arguments:
        pair = f"{arguments['auth_username']}:{arguments.get('auth_password', '')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return headers


def tls_options() -> dict[str, Any]:
    gateway = GatewayClient.instance()
    options = {"ca_certs": gateway.ca_certs, "certfile": gateway.client_cert, "keyfile": gateway.client_key}
    chosen = {name: value for name, value in options.items() if value}
    return chosen if gateway.validate_cert else {**chosen, "cert_reqs": ssl.CERT_NONE, "check_hostname": False}
