"""A real window under Xvfb, driven with real X events, observed through what the program says about its last frame.

The program writes the file that POOLSCOPE_PROBE names after every drawn frame:
  {"frame": n, "widgets": [{"key", "x", "y", "w", "h", "kind", "value", "enabled", "focused"}], "state": {...}}
The state holds, after the frame: input (name), channel (-1: in colour), input_shape [n, c, h, w], input_edited, kind, window, stride, padding,
dilation ([h, w]), direction, step (from 0), steps, result (of the step), playing, speed, loop, hovered (["input" or
"output", row, column] or null), editing ([row, column] or null), dialog ("none", "open_file", "keys"), language, theme,
text_percent, undo and redo (how many steps there are), errors (how many sentences about a mistake were shown so far),
width and height of the window.
Journeys find a widget by its key, click where it is, and wait until the state says what must follow. They never wait
for a time: only for a condition, with a generous limit that ends a hang.
"""
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

from Xlib import X, XK, display, error, protocol
from Xlib.ext import xtest

LIMIT_SECONDS = 60  # how long a condition may take on a loaded machine before it counts as never
POLL_SECONDS = 0.02


class Failure(Exception):
    """What did not happen, as a sentence."""


def wait_until(condition, what, limit=LIMIT_SECONDS, alive=lambda: None):
    """The first true value of condition(); Failure `what` after the limit. alive() may raise at once."""
    end = time.monotonic() + limit
    while True:
        result = condition()
        if result:
            return result
        alive()
        if time.monotonic() > end:
            raise Failure(f"waited {limit} s in vain: {what() if callable(what) else what}")
        time.sleep(POLL_SECONDS)


def png(width, height, rows):
    """An 8-bit RGB PNG; rows are its scan lines, each behind a filter byte 0."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b""))


class Screen:
    """An Xvfb of its own, on a free display number, and a connection to it."""

    def __init__(self, width=1600, height=1000):
        reader, writer = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[writer], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Failure("Xvfb did not start: " + self.process.stderr.read().decode(errors="replace")[-300:])
        self.name = ":" + number
        self.x = display.Display(self.name)
        self.root = self.x.screen().root

    def close(self):
        try:
            self.x.close()
        except error.ConnectionClosedError:
            pass  # a failure case took the server away
        self.process.terminate()
        self.process.wait()

    def windows_of(self, process_id):
        """Mapped top-level windows of this process that are large enough to be one. The window of a program that has
        just ended may still be there for a moment: it is not the next one's."""
        found = []
        owner = self.x.intern_atom("_NET_WM_PID")
        for window in self.root.query_tree().children:
            try:
                if window.get_attributes().map_state != X.IsViewable or window.get_geometry().width <= 20:
                    continue
                told = window.get_full_property(owner, X.AnyPropertyType)
                if told and told.value[0] == process_id:
                    found.append(window)
            except error.XError:
                pass  # gone between the two questions
        return found

    def press(self, kind, detail, x=0, y=0):
        xtest.fake_input(self.x, kind, detail, x=x, y=y)
        self.x.sync()

    def screenshot(self, window, path):
        """What the window shows, as a PNG."""
        shape = window.get_geometry()
        data = window.get_image(0, 0, shape.width, shape.height, X.ZPixmap, 0xFFFFFFFF).data
        rows = bytearray()
        for row in range(shape.height):
            line = data[row * shape.width * 4:(row + 1) * shape.width * 4]
            rgb = bytearray(shape.width * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = line[2::4], line[1::4], line[0::4]
            rows += b"\0" + rgb
        with open(path, "wb") as file:
            file.write(png(shape.width, shape.height, bytes(rows)))


class App:
    """The program in a fresh home on a screen."""

    def __init__(self, screen, program, arguments=(), environment=None, wait=True):
        self.screen = screen
        self.folder = tempfile.mkdtemp(prefix="poolscope-journey-")
        self.probe_file = os.path.join(self.folder, "probe.json")
        config = os.path.join(self.folder, "config")
        os.mkdir(config)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("WAYLAND_DISPLAY", "XAUTHORITY")},
            "DISPLAY": screen.name, "HOME": self.folder, "XDG_CONFIG_HOME": config, "LC_ALL": "C.UTF-8",
            "LIBGL_ALWAYS_SOFTWARE": "1", "POOLSCOPE_PROBE": self.probe_file, **(environment or {})}
        self.errors = open(os.path.join(self.folder, "stderr.txt"), "w+b")
        self.process = subprocess.Popen([program, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                                        stdout=self.errors, stderr=self.errors, cwd=self.folder)
        self.window = None
        if wait:
            self.open()

    def open(self):
        """Waits for the window and its first frame."""
        self.window = wait_until(lambda: (self.screen.windows_of(self.process.pid) or [None])[0], "a window appears",
                                 alive=self.check_alive)
        wait_until(self.probe, "the first frame is described in the probe file", alive=self.check_alive)
        self.focus()

    def focus(self):
        """There is no window manager that would do it."""
        self.window.set_input_focus(X.RevertToParent, X.CurrentTime)
        wait_until(lambda: getattr(self.screen.x.get_input_focus().focus, "id", None) == self.window.id,
                   "the window has the keyboard", alive=self.check_alive)

    # --- looking -----------------------------------------------------------------------------------------------

    def messages(self):
        self.errors.flush()
        with open(self.errors.name, encoding="utf-8", errors="replace") as file:
            return file.read()

    def check_alive(self):
        if self.process.poll() is not None:
            raise Failure(f"the program ended with status {self.process.returncode}: {self.messages().strip()[-600:]}")

    def probe(self):
        try:
            with open(self.probe_file, encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def state(self):
        return self.probe()["state"]

    def widget(self, key):
        """The widget with this key in the last frame, or None; of several the last drawn, which lies on top."""
        found = [item for item in self.probe()["widgets"] if item["key"] == key]
        return found[-1] if found else None

    def keys(self):
        return [item["key"] for item in self.probe()["widgets"]]

    def wait(self, condition, what):
        """condition(state) comes true."""
        return wait_until(lambda: condition(self.state()), lambda: f"{what}; the state is {self.state()}", alive=self.check_alive)

    def wait_state(self, **expected):
        self.wait(lambda state: all(state.get(name) == value for name, value in expected.items()), f"state has {expected}")

    def wait_widget(self, key):
        """The widget, once it is there, can be seen and has come to rest: it stays through a new frame, or none comes."""
        def settled():
            before = self.probe()
            first = self.widget(key)
            if not first or first["w"] <= 0 or first["h"] <= 0:
                return None
            for _ in range(10):
                time.sleep(POLL_SECONDS)
                if self.probe()["frame"] > before["frame"]:
                    break
            second = self.widget(key)
            return second if second and all(second[side] == first[side] for side in "xywh") else None
        return wait_until(settled, lambda: f"a widget {key}; there are {self.keys()}", alive=self.check_alive)

    def pixel(self, x, y):
        """The colour on screen, as (red, green, blue)."""
        blue, green, red = self.window.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFFFF).data[:3]
        return red, green, blue

    def settle(self):
        """Waits until frames cease to come; the number of the last one."""
        def still():
            first = self.probe()["frame"]
            time.sleep(10 * POLL_SECONDS)
            return first if self.probe()["frame"] == first else None
        return wait_until(still, "the window comes to rest", alive=self.check_alive)

    def let_pass(self, seconds):
        time.sleep(seconds)
        self.check_alive()

    # --- doing -------------------------------------------------------------------------------------------------

    def to_screen(self, x, y):
        place = self.window.translate_coords(self.screen.root, 0, 0)
        return int(round(x - place.x)), int(round(y - place.y))

    def move(self, x, y):
        self.screen.press(X.MotionNotify, 0, *self.to_screen(x, y))

    def after_frames(self, before, count):
        """Waits until so many frames were drawn after frame `before`; not for ever, since the program may end."""
        end = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < end and self.process.poll() is None and self.probe()["frame"] < before + count:
            time.sleep(POLL_SECONDS)

    def click_at(self, x, y, button=1):
        before = self.probe()["frame"]
        self.move(x, y)
        self.after_frames(before, 1)  # a pointer that arrives and presses within one frame is no person's
        before = self.probe()["frame"]
        self.screen.press(X.ButtonPress, button)
        self.screen.press(X.ButtonRelease, button)
        self.after_frames(before, 2)

    def point_in(self, key, fx=0.5, fy=0.5):
        item = self.wait_widget(key)
        return item["x"] + item["w"] * fx, item["y"] + item["h"] * fy

    def click(self, key, fx=0.5, fy=0.5):
        if not self.wait_widget(key)["enabled"]:
            raise Failure(f"{key} is to be clicked, but it is disabled")
        self.click_at(*self.point_in(key, fx, fy))

    def drag_along(self, points):
        """Presses at the first point, moves through the others and lets go at the last."""
        def draw_after(act):
            before = self.probe()["frame"]
            act()
            self.after_frames(before, 1)

        draw_after(lambda: self.move(*points[0]))
        draw_after(lambda: self.screen.press(X.ButtonPress, 1))
        for start, end in zip(points, points[1:]):
            for step in range(1, 11):
                at = [a + (b - a) * step / 10 for a, b in zip(start, end)]
                draw_after(lambda: self.move(*at))
        draw_after(lambda: self.screen.press(X.ButtonRelease, 1))

    def drag(self, key, from_fx, to_fx, fy=0.5):
        self.drag_along([self.point_in(key, from_fx, fy), self.point_in(key, to_fx, fy)])

    def wheel(self, key, steps, fx=0.5, fy=0.5):
        """Turns the wheel over a widget: up for positive steps."""
        self.move(*self.point_in(key, fx, fy))
        for _ in range(abs(steps)):
            before = self.probe()["frame"]
            for kind in (X.ButtonPress, X.ButtonRelease):
                self.screen.press(kind, 4 if steps > 0 else 5)
            self.after_frames(before, 1)

    def scroll_to(self, key, over):
        """Turns the wheel over the widget `over` until `key` can be seen."""
        for _ in range(60):
            if self.widget(key):
                return
            self.wheel(over, -1)
        raise Failure(f"{key} does not come into sight by scrolling; there are {self.keys()}")

    MODIFIERS = {"ctrl": "Control_L", "shift": "Shift_L", "alt": "Alt_L"}

    def key(self, combination):
        """"space", "ctrl+z", "Page_Down": names of X keysyms with modifiers before them."""
        *modifiers, name = combination.split("+")
        symbols = [self.MODIFIERS[modifier] for modifier in modifiers] + [name]
        codes = []
        for symbol in symbols:
            code = self.screen.x.keysym_to_keycode(XK.string_to_keysym(symbol))
            if not code:
                raise Failure(f"the keyboard has no key {symbol}")
            codes.append(code)
        # Down and up with nothing between: a slow machine must not lose a quick tap. The next key waits until
        # this one has been seen, as a person would.
        before = self.probe()["frame"]
        for code in codes:
            self.screen.press(X.KeyPress, code)
        for code in reversed(codes):
            self.screen.press(X.KeyRelease, code)
        self.after_frames(before, 2)

    def tab_to(self, key, limit=80):
        """Presses Tab until the widget has the keyboard."""
        for _ in range(limit):
            self.settle()  # a Tab that is still under way would lead past it
            if (self.widget(key) or {}).get("focused"):
                return
            self.key("Tab")
        raise Failure(f"Tab never reaches {key}; there are {self.keys()}")

    NAMES = {" ": "space", ".": "period", "-": "minus", "/": "slash", "_": "shift+minus", "?": "shift+slash"}

    def type(self, text):
        for character in text:
            name = self.NAMES.get(character, character)
            self.key(f"shift+{name.lower()}" if name.isupper() else name)

    def resize(self, width, height):
        """As a window manager would."""
        self.window.configure(width=width, height=height)
        self.screen.x.sync()

    def wait_size(self, width, height):
        self.wait_state(width=width, height=height)

    def park_pointer(self):
        """To a corner where nothing reacts to it."""
        self.move(1, 1)

    def drop(self, path, key=None):
        """Drops a file onto the window, or onto one widget of it, with the XDND protocol that file managers use."""
        if key:
            x, y = self.point_in(key)
        else:
            shape = self.window.get_geometry()
            x, y = shape.width / 2, shape.height / 2
        drop_file(self.screen, self.window, path, *self.to_screen(x, y))

    # --- ending ------------------------------------------------------------------------------------------------

    def quit(self):
        """Closes the window as its close button would; the program must end by itself, in peace."""
        delete = self.screen.x.intern_atom("WM_DELETE_WINDOW")
        event = protocol.event.ClientMessage(window=self.window, client_type=self.screen.x.intern_atom("WM_PROTOCOLS"),
                                             data=(32, [delete, X.CurrentTime, 0, 0, 0]))
        self.window.send_event(event)
        self.screen.x.sync()
        self.expect_end(0)

    def expect_end(self, status):
        """Waits for the program's end; its status must be this one. Returns what it wrote."""
        wait_until(lambda: self.process.poll() is not None, "the program ends")
        if self.process.returncode != status:
            raise Failure(f"the program ended with status {self.process.returncode}, not {status}: {self.messages().strip()[-600:]}")
        return self.messages()

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep_evidence(self, folder):
        """A screenshot, the last probe and the messages, for reading a failure."""
        os.makedirs(folder, exist_ok=True)
        try:
            if self.window and self.process.poll() is None:
                self.screen.screenshot(self.window, os.path.join(folder, "window.png"))
        except error.XError as problem:  # the window may be gone: everything else is still worth keeping
            print(f"(no screenshot: {problem})")
        for path in (self.probe_file, self.errors.name):
            if os.path.exists(path):
                shutil.copy(path, folder)


def drop_file(screen, target, path, x, y):
    """The source's side of XDND version 5 (freedesktop.org): enter, position, drop, hand over the list, finished."""
    connection = display.Display(screen.name)  # its own, so that its events are its own
    try:
        atom = connection.intern_atom
        source = connection.screen().root.create_window(0, 0, 1, 1, 0, connection.screen().root_depth)
        window = connection.create_resource_object("window", target.id)
        listing = ("file://" + protocol_quote(os.path.abspath(path)) + "\r\n").encode()
        if window.get_full_property(atom("XdndAware"), X.AnyPropertyType) is None:
            raise Failure("the window does not accept drops (no XdndAware)")
        source.set_selection_owner(atom("XdndSelection"), X.CurrentTime)

        def send(name, data):
            window.send_event(protocol.event.ClientMessage(window=window, client_type=atom(name), data=(32, data)))
            connection.flush()

        def next_message(name):
            """The next client message of this name; requests for the list are answered on the way."""
            def look():
                while connection.pending_events():
                    event = connection.next_event()
                    if event.type == X.SelectionRequest:
                        event.requestor.change_property(event.property, event.target, 8, listing)
                        event.requestor.send_event(protocol.event.SelectionNotify(
                            time=event.time, requestor=event.requestor, selection=event.selection,
                            target=event.target, property=event.property))
                        connection.flush()
                    elif event.type == X.ClientMessage and event.client_type == atom(name):
                        return event
                return None
            return wait_until(look, f"the window answers a drop with {name}")

        # The pointer is where the drop is, as it would be.
        screen.press(X.MotionNotify, 0, x, y)
        send("XdndEnter", [source.id, 5 << 24, atom("text/uri-list"), 0, 0])
        send("XdndPosition", [source.id, 0, (x << 16) | y, X.CurrentTime, atom("XdndActionCopy")])
        if not next_message("XdndStatus").data[1][1] & 1:
            raise Failure("the window refuses the drop")
        send("XdndDrop", [source.id, 0, X.CurrentTime, 0, 0])
        next_message("XdndFinished")
    finally:
        connection.close()


def protocol_quote(path):
    """A path as a file URI spells it."""
    return "".join(chr(byte) if chr(byte).isalnum() and byte < 128 or chr(byte) in "/-_.~" else f"%{byte:02X}"
                   for byte in path.encode())


def run(journeys):
    """Runs the journey named on the command line: PROGRAM NAME EVIDENCE-FOLDER. With --names and names: checks that
    they are all the journeys there are."""
    if sys.argv[1] == "--names":
        if set(sys.argv[2:]) != set(journeys):
            print(f"registered: {sorted(sys.argv[2:])}; written: {sorted(journeys)}")
            return 1
        return 0
    program, name, evidence = sys.argv[1:4]
    shutil.rmtree(evidence, ignore_errors=True)
    screen = Screen()
    stage = Stage(screen, os.path.abspath(program))
    try:
        journeys[name](stage)
        print(f"{name}: as it must be")
        return 0
    except Failure as failure:
        print(f"{name}: {failure}")
        for number, app in enumerate(stage.apps):
            app.keep_evidence(evidence if number == 0 else f"{evidence}-{number}")
        print(f"what was seen is kept in {evidence}")
        return 1
    finally:
        stage.close()
        screen.close()


class Stage:
    """What a journey gets: starts the program, makes files, says what must be true."""

    def __init__(self, screen, program):
        self.screen, self.program = screen, program
        self.apps = []
        self.folder = tempfile.mkdtemp(prefix="poolscope-files-")

    def start(self, *arguments, environment=None, wait=True):
        app = App(self.screen, self.program, arguments, environment, wait=False)
        self.apps.append(app)  # first, so that a failure to start leaves evidence
        if wait:
            app.open()
        return app

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def picture(self, name, width=64, height=48):
        """A small PNG with a gradient in every channel."""
        rows = b"".join(b"\0" + bytes(value for x in range(width) for value in (x * 4 % 256, y * 5 % 256, (x + y) * 2 % 256))
                        for y in range(height))
        return self.file(name, png(width, height, rows))

    def close(self):
        for app in self.apps:
            app.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def expect(condition, what):
    if not condition:
        raise Failure(what)
