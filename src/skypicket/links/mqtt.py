"""Topics of an MQTT broker; a message is acknowledged only when it is safely on disk."""

import asyncio
import contextlib
import ssl
import threading
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from skypicket.domain.contracts import Clock, Intake, LinkHealth, Message
from skypicket.domain.errors import OverloadError, StorageFullError, UnavailableError
from skypicket.links.settings import MqttSettings
from skypicket.links.tally import Tally

_MAX_HELD_MESSAGES = 4_096
_MAX_HELD_BYTES = 32 * 1024 * 1024
_TRY_AGAIN_S = 0.25
_LOOK_ROUND_S = 0.5
_GRACE_S = 2.0
_RECONNECT_S = (1, 30)  # first and longest pause, doubling between


class _Held:
    """Counts messages between the broker and the disk, and holds the reader back when too many.

    While it holds back, nothing is read from the broker: the broker waits, and keeps the rest.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._messages = self._bytes = 0
        self._open = True

    def take(self, size_bytes: int) -> bool:
        """Wait for room; False when the link ends meanwhile."""
        with self._changed:
            while self._open and not self._has_room(size_bytes):
                self._changed.wait(_LOOK_ROUND_S)
            self._messages += 1
            self._bytes += size_bytes
            return self._open

    def _has_room(self, size_bytes: int) -> bool:
        if self._messages == 0:
            return True
        return self._messages < _MAX_HELD_MESSAGES and self._bytes + size_bytes <= _MAX_HELD_BYTES

    def give_back(self, size_bytes: int) -> None:
        """A message is on disk, or was given up."""
        with self._changed:
            self._messages -= 1
            self._bytes -= size_bytes
            self._changed.notify_all()

    def end(self) -> None:
        """Wait no more."""
        with self._changed:
            self._open = False
            self._changed.notify_all()


class MqttLink:
    """Subscribes with QoS 1 under a fixed name and a session that outlives connections.

    What is not acknowledged when we die or lose the broker, the broker sends again; so a message
    may come twice, and never not at all, as far as the broker's own queue reaches.
    """

    def __init__(self, settings: MqttSettings, source: str, clock: Clock) -> None:
        self._settings = settings
        self._tally = Tally(source, clock)
        self._held = _Held()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._intake: Intake | None = None
        self._client: paho.Client | None = None
        self._refused = False

    async def run(self, intake: Intake) -> None:
        """Receive until cancelled; reconnects by itself.

        Raises:
            UnavailableError: a file named for TLS or the password cannot be used.
        """
        self._loop, self._intake = asyncio.get_running_loop(), intake
        self._client = client = self._new_client()
        settings = self._settings
        self._tally.down(f"connecting to {settings.host}:{settings.port}")
        client.connect_async(settings.host, settings.port, settings.keepalive_s)
        client.loop_start()
        try:
            await self._loop.create_future()  # for ever: a cancellation ends it
        finally:
            self._held.end()
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_GRACE_S)
            for task in self._tasks:
                task.cancel()
            client.disconnect()
            await asyncio.to_thread(client.loop_stop)
            self._tally.down("stopped")

    def health(self) -> LinkHealth:
        """How the link is."""
        return self._tally.health()

    def _new_client(self) -> paho.Client:
        settings = self._settings
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=settings.client_id or f"skypicket-{self._tally.source}",
            clean_session=False,
            manual_ack=True,
        )
        try:
            self._secure(client)
        except (OSError, ssl.SSLError, ValueError) as error:
            text = f"MQTT source {self._tally.source!r}: {error}. Check password_file and tls."
            self._tally.down(text)
            raise UnavailableError(text) from error
        client.reconnect_delay_set(*_RECONNECT_S)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_connect_fail = self._on_connect_fail
        client.on_message = self._on_message
        return client

    def _secure(self, client: paho.Client) -> None:
        settings = self._settings
        if settings.username:
            password = None
            if settings.password_file:
                text = Path(settings.password_file).read_text(encoding="utf-8")
                password = text.partition("\n")[0]
            client.username_pw_set(settings.username, password)
        if settings.tls is not None:
            client.tls_set(
                settings.tls.ca_file or None,
                settings.tls.certificate_file or None,
                settings.tls.key_file or None,
            )

    # Paho calls the following in its own thread. They only hand over to the event loop.

    def _on_connect(
        self, client: paho.Client, _userdata: Any, _flags: Any, code: ReasonCode, _props: Any
    ) -> None:
        self._refused = code.is_failure
        if self._refused:
            self._in_loop(self._tally.down, f"the broker refused us: {code}")
            return
        # Anew at each connection: the broker may have been set up afresh meanwhile.
        client.subscribe([(topic, 1) for topic in self._settings.topics])

    def _on_subscribe(
        self, _client: paho.Client, _userdata: Any, _mid: int, codes: list[ReasonCode], _props: Any
    ) -> None:
        refused = [
            topic
            for topic, code in zip(self._settings.topics, codes, strict=False)
            if code.is_failure
        ]
        if refused:
            self._in_loop(self._tally.down, f"the broker refused the topics {', '.join(refused)}")
        else:
            self._in_loop(self._tally.up)

    def _on_disconnect(
        self, _client: paho.Client, _userdata: Any, _flags: Any, code: ReasonCode, _props: Any
    ) -> None:
        if not self._refused:  # else the refusal is what there is to say
            self._in_loop(self._tally.down, f"the connection to the broker ended: {code}")

    def _on_connect_fail(self, _client: paho.Client, _userdata: Any) -> None:
        place = f"{self._settings.host}:{self._settings.port}"
        doubt = ", or not with a certificate that we accept" if self._settings.tls else ""
        self._in_loop(self._tally.down, f"no broker answers at {place}{doubt}; trying again")

    def _on_message(self, _client: paho.Client, _userdata: Any, message: paho.MQTTMessage) -> None:
        if self._held.take(len(message.payload)):
            self._in_loop(self._arrived, message)

    def _in_loop(self, call: Any, *values: Any) -> None:
        assert self._loop is not None
        with contextlib.suppress(RuntimeError):  # the loop is closed: then no one listens
            self._loop.call_soon_threadsafe(call, *values)

    # From here on in the event loop.

    def _arrived(self, message: paho.MQTTMessage) -> None:
        task = asyncio.get_running_loop().create_task(self._take(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, message: paho.MQTTMessage) -> None:
        try:
            if len(message.payload) > self._settings.max_message_bytes:
                text = f"a message of {len(message.payload)} bytes on {message.topic} is too large"
                self._tally.refused(text)
                self._acknowledge(message)  # else the broker would send it again for ever
            elif message.qos == 0:
                assert self._intake is not None
                self._tally.offer(self._intake, bytes(message.payload), message.topic)
            else:
                await self._deliver(message)
        finally:
            self._held.give_back(len(message.payload))

    async def _deliver(self, message: paho.MQTTMessage) -> None:
        """Until it is on disk: the broker sends it again only to a new connection."""
        assert self._intake is not None
        said = Message(
            source=self._tally.source, payload=bytes(message.payload), topic=message.topic
        )
        while True:
            try:
                await self._intake.deliver(said)
            except (OverloadError, StorageFullError) as error:
                self._tally.refused(str(error), 0)
                await asyncio.sleep(_TRY_AGAIN_S)
            except UnavailableError as error:
                self._tally.refused(str(error))
                return
            else:
                self._tally.took(len(said.payload))
                self._acknowledge(message)
                return

    def _acknowledge(self, message: paho.MQTTMessage) -> None:
        assert self._client is not None
        if self._client.ack(message.mid, message.qos) != MQTTErrorCode.MQTT_ERR_SUCCESS:
            self._tally.refused("an acknowledgement did not go out; the broker will repeat", 0)
