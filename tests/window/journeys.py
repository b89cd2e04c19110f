#!/usr/bin/python3
"""Journeys: what a person does in the window, with a real mouse, a real keyboard and real drops.

Usage: journeys.py PROGRAM JOURNEY EVIDENCE-FOLDER. What they look at is described in harness.py.
"""
import json
import os
import struct
import subprocess
import sys

from harness import expect, run, wait_until

# The textbook's matrix, which the program starts with, pooled 2 x 2 with stride 2.
TEXTBOOK = [[1, 2, 1, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 4, 0, 1]]


def content(path):
    with open(path, "rb") as file:
        return file.read()


def begins_with_the_textbook(app):
    app.wait_state(input="textbook", kind="max", window=[2, 2], stride=[2, 2], steps=4, playing=False, undo=0)


def open_by_drop(stage):
    """A file from the file manager; a broken one says so and changes nothing; undo brings the matrix back."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.drop(stage.picture("a photo ü.png", 64, 48))
    app.wait_state(input="a photo ü.png", input_shape=[1, 3, 48, 64], undo=1)
    notices = app.state()["errors"]
    app.drop(stage.file("broken.png", b"\x89PNG\r\n\x1a\nnothing else"))
    app.wait(lambda state: state["errors"] == notices + 1, "the broken file gets its sentence")
    app.wait_state(input="a photo ü.png", undo=1)
    app.key("ctrl+z")
    app.wait_state(input="textbook", undo=0, redo=1)
    app.quit()


def open_by_dialog(stage):
    """Ctrl+O or the button, then by path and by clicking."""
    stage.picture("first.png")
    second = stage.picture("second.png", 32, 32)
    app = stage.start()
    begins_with_the_textbook(app)
    app.click("input.open")
    app.wait_widget("browser.path")
    app.wait_state(dialog="open_file")
    app.key("Escape")
    app.wait_state(dialog="none", input="textbook")
    app.key("ctrl+o")
    app.click("browser.path")
    app.key("ctrl+a")
    app.type(second)
    app.key("Return")
    app.wait_state(dialog="none", input="second.png", input_shape=[1, 3, 32, 32])
    # The dialog comes back to that folder; a click on the other file and "Open" open it.
    app.key("ctrl+o")
    app.click("browser.file.first.png")
    app.click("browser.open")
    app.wait_state(dialog="none", input="first.png")
    app.quit()


def play(stage):
    """Play runs to the last window and rests there; Space pauses; loop begins again; the speed can change meanwhile."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.click("transport.play")
    app.wait_state(playing=True)
    app.wait_state(playing=False, step=3)
    app.click("transport.start")
    app.wait_state(step=0)
    app.key("l")
    app.wait_state(loop=True)
    app.key("space")
    app.wait_state(playing=True, step=2)
    speed = app.state()["speed"]
    app.key("period")
    app.wait(lambda state: state["speed"] > speed, "the speed rises while it plays")
    app.wait_state(playing=True, step=3)
    app.wait_state(playing=True, step=0)
    app.key("space")
    app.wait_state(playing=False)
    app.quit()


def step_back(stage):
    app = stage.start()
    begins_with_the_textbook(app)
    app.key("Home")
    app.wait_state(step=0)
    app.click("transport.forward")
    app.wait_state(step=1, result=3)
    app.click("transport.forward")
    app.wait_state(step=2, result=4)
    app.click("transport.back")
    app.wait_state(step=1, result=3)
    app.key("Left")
    app.wait_state(step=0, result=2)
    app.key("Left")
    app.key("End")
    app.wait_state(step=3, result=2)
    app.quit()


def scrub(stage):
    """The slider under the stage goes to any window, forwards and back, and is no undo step."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.drag("transport.scrub", 0.02, 0.98)
    app.wait_state(step=3, result=2)
    app.drag("transport.scrub", 0.98, 0.36)
    app.wait_state(step=1, result=3)
    expect(app.state()["undo"] == 0, "moving in time is no change of the document")
    app.quit()


def change_kind(stage):
    """Max, average, stochastic by the mouse: the result is the engine's; undo and redo by keys and by buttons."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.key("Home")
    app.wait_state(step=0, result=2)
    app.click("kind.average")
    app.wait_state(kind="average", result=1, undo=1)
    app.click("kind.stochastic")
    app.wait_state(kind="stochastic", undo=2)
    expect(app.state()["result"] in TEXTBOOK[0][:2] + TEXTBOOK[1][:2], "a stochastic draw is one of the window's values")
    app.key("ctrl+z")
    app.wait_state(kind="average", result=1, undo=1, redo=1)
    app.click("top.undo")
    app.wait_state(kind="max", result=2, undo=0, redo=2)
    app.key("ctrl+y")
    app.wait_state(kind="average", undo=1, redo=1)
    app.click("top.redo")
    app.wait_state(kind="stochastic", undo=2, redo=0)
    app.key("k")
    app.wait(lambda state: state["kind"] != "stochastic", "K goes on to the next kind")
    app.quit()


def drag_is_one_undo_step(stage):
    """The window's slider from one end to the other passes several sizes and is undone at once."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.drag("window", 0.3, 0.99, fy=0.8)
    app.wait(lambda state: state["window"] == [4, 4] and state["stride"] == [4, 4], "the stride follows the window")
    app.wait_state(undo=1, steps=1)
    app.key("ctrl+z")
    app.wait_state(window=[2, 2], stride=[2, 2], undo=0, steps=4)
    app.scroll_to("preset.3x3s1", over="kind.average")
    app.click("preset.3x3s1")
    app.wait_state(window=[3, 3], stride=[1, 1], steps=4, undo=1)
    app.quit()


def jump_by_output_cell(stage):
    """A click on an output cell goes to its window; resting on a cell lights up what belongs to it."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.click("output.1.0")
    app.wait_state(step=2, result=4)
    app.move(*app.point_in("input.0.3"))
    app.wait_state(hovered=["input", 0, 3])
    app.move(*app.point_in("output.0.1"))
    app.wait_state(hovered=["output", 0, 1])
    app.quit()


def switch_language(stage):
    """Every text changes at once, by the mouse and by the key, and the next start remembers."""
    app = stage.start()
    begins_with_the_textbook(app)
    english = app.widget("input.open")["value"]
    app.click("top.language")
    app.wait_state(language="zh")
    app.wait(lambda state: app.widget("input.open")["value"] != english, "the buttons speak Chinese")
    expect(any("\u4e00" <= letter <= "\u9fff" for letter in app.widget("input.open")["value"]), "in Chinese letters")
    app.quit()
    config = app.environment["XDG_CONFIG_HOME"]
    again = stage.start(environment={"XDG_CONFIG_HOME": config})
    again.wait_state(language="zh")
    again.key("g")
    again.wait_state(language="en")
    again.quit()


def switch_theme(stage):
    app = stage.start()
    begins_with_the_textbook(app)
    paper = app.pixel(4, 4)
    app.click("top.theme")
    app.wait_state(theme="night")
    app.wait(lambda state: sum(app.pixel(4, 4)) < sum(paper) - 200, "the top bar turns dark")
    app.key("t")
    app.wait_state(theme="paper")
    app.wait(lambda state: app.pixel(4, 4) == paper, "and back")
    app.quit()


def edit_a_cell(stage):
    """A new number in the first cell wins its window; Escape leaves a cell as it was; undo takes the number back."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.key("Home")
    app.wait_state(step=0, result=2)
    app.click("input.edit")
    app.wait_state(editing=[0, 0])
    app.key("ctrl+a")
    app.type("7.5")
    app.key("Return")
    app.wait_state(result=7.5, undo=1, input_edited=True)
    app.key("Escape")
    app.wait_state(editing=None, result=7.5)
    app.key("ctrl+z")
    app.wait_state(result=2, undo=0, input_edited=False)
    app.quit()


def keyboard_only(stage):
    """Open, step, play, change, undo, read the keys and leave, and never touch the mouse."""
    path = stage.picture("keys.png", 16, 16)
    app = stage.start()
    begins_with_the_textbook(app)
    app.key("Home")
    app.key("Right")
    app.wait_state(step=1)
    app.key("Down")
    app.wait_state(step=3)
    app.key("Up")
    app.wait_state(step=1)
    app.key("bracketright")
    app.wait_state(window=[3, 3], undo=1)
    app.key("ctrl+z")
    app.wait_state(window=[2, 2], undo=0)
    app.key("b")
    app.wait_state(direction="backward")
    app.key("b")
    app.wait_state(direction="forward")
    app.key("shift+slash")
    app.wait_state(dialog="keys")
    app.key("Escape")
    app.wait_state(dialog="none")
    app.key("i")
    app.wait(lambda state: state["input"] != "textbook", "I goes on to the next input")
    app.key("ctrl+o")
    app.wait_widget("browser.path")
    app.tab_to("browser.path")
    app.key("ctrl+a")
    app.type(path)
    app.key("Return")
    app.wait_state(input="keys.png", dialog="none")
    # Tab goes from widget to widget, and Enter or Space uses the one that has the keyboard.
    app.tab_to("top.theme")
    app.key("Return")
    app.wait_state(theme="night")
    app.key("ctrl+q")
    app.expect_end(0)


def resize(stage):
    """From large to small to a single point and back: it goes on, and everything stays inside the window."""
    app = stage.start()
    begins_with_the_textbook(app)
    for width, height in ((1500, 950), (1024, 640), (640, 400), (1, 1), (3, 700), (1200, 800)):
        app.resize(width, height)
        app.wait_size(width, height)
        app.window.clear_area(exposures=True)
    app.click("kind.average")
    app.wait_state(kind="average")
    for item in app.probe()["widgets"]:
        expect(item["x"] >= -0.5 and item["y"] >= -0.5 and item["x"] + item["w"] <= 1200.5 and item["y"] + item["h"] <= 800.5,
               f"{item['key']} lies outside the window: {item}")
    app.quit()


def minimise(stage):
    """Hidden while it plays, and shown again: it is still there and listens."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.key("l")
    app.key("space")
    app.wait_state(playing=True)
    app.window.unmap()
    app.screen.x.sync()
    app.window.map()
    app.screen.x.sync()
    app.focus()
    app.key("space")
    app.wait_state(playing=False)
    app.quit()


def sleeps_when_nothing_happens(stage):
    """The window draws when something changes, and not otherwise."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.park_pointer()
    before = app.settle()
    # Frames are counted, not time: while a clock runs it would draw dozens in this while.
    app.let_pass(1.0)
    expect(app.probe()["frame"] - before <= 3, f"{app.probe()['frame'] - before} frames were drawn although nothing changed")
    app.key("t")
    app.wait_state(theme="night")
    app.quit()


def compare_poolings(stage):
    """The Compare lab: invert, pool again, add and change a column, zoom all pictures together, undo."""
    app = stage.start("digit")
    app.wait_state(input="digit")
    app.click("top.lab.compare")
    app.wait_state(lab="compare", busy=False)
    app.click("compare.invert")
    app.wait_state(undo=1, busy=False)
    app.click("compare.depth.2")
    app.wait_state(undo=2, busy=False)
    app.click("compare.add")
    app.wait_state(undo=3, busy=False)
    app.click("compare.column.1")
    app.click("compare.column.1.min")
    app.wait_state(undo=4, busy=False)
    before = app.state()["zoom"]
    app.wheel("compare.picture.2", 3)
    app.wait(lambda state: state["zoom"] > before, "the wheel zooms")
    for left in (3, 2, 1, 0):
        app.key("ctrl+z")
        app.wait_state(undo=left)
    app.quit()


def predict_before_reveal(stage):
    """The result is hidden; a wrong cell, a typed number, a skip; undo and stepping back keep working."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.click("transport.predict")
    app.wait(lambda state: state["predict"]["open"] and state["step"] == 1 and not state["moving"], "the second window is asked for")
    expect(app.widget("output.0.1")["value"] == "?", "its result is hidden")
    app.click("input.0.2")
    app.wait(lambda state: state["predict"]["guesses"] == 1 and not state["predict"]["open"], "a wrong guess shows the result")
    expect(app.state()["predict"]["right"] == 0, "and is not right")
    app.key("Right")
    app.wait(lambda state: state["predict"]["open"] and state["step"] == 2, "the next one is asked for")
    app.key("4")
    app.wait_widget("predict.value")
    app.key("Return")
    app.wait(lambda state: state["predict"]["right"] == 1, "4 is right")
    app.key("Right")
    app.wait(lambda state: state["predict"]["open"] and state["step"] == 3, "the last one is asked for")
    app.key("space")
    app.wait(lambda state: not state["predict"]["open"] and state["step"] == 3, "Space shows it without a guess")
    app.key("Left")
    app.wait(lambda state: state["step"] == 2 and not state["predict"]["open"], "what was answered stays answered")
    app.click("kind.average")
    app.wait(lambda state: state["predict"]["open"] and state["undo"] == 1, "another kind asks anew")
    app.key("ctrl+z")
    app.wait(lambda state: state["kind"] == "max" and state["undo"] == 0, "undo works meanwhile")
    app.key("p")
    app.wait(lambda state: not state["predict"]["on"] and state["result"] == 4, "P shows everything again")
    app.quit()


def channels_apart(stage):
    """The Channels lab: the window on every channel, one taken out of the stack, feature maps, zoom, undo."""
    app = stage.start("scene")
    app.wait_state(input="scene", channel=-1)
    app.click("top.lab.channels")
    app.wait_state(lab="channels", busy=False)
    first = app.wait_widget("channels.row.0")["value"]
    app.key("End")
    app.wait(lambda state: app.widget("channels.row.0")["value"] != first, "the last window has another result")
    app.click("channels.in.1")
    app.wait_state(channel=1, undo=1)
    app.click("channels.row.2")
    app.wait_state(channel=2, undo=2)
    app.click("channels.out.2")
    app.wait(lambda state: state["step"] < state["steps"] - 1, "a click on an output plane goes to its window")
    app.click("channels.source.maps")
    app.wait_state(undo=3, busy=False)
    app.wait_widget("channels.in.7")
    app.drag("channels.maps", 0.12, 0.5, fy=0.8)
    app.wait_state(undo=4, busy=False)
    app.wait_widget("channels.in.20")
    before = app.state()["zoom"]
    app.wheel("channels.in", 3)
    app.wait(lambda state: state["zoom"] > before, "the wheel zooms")
    for left in (3, 2, 1, 0):
        app.key("ctrl+z")
        app.wait_state(undo=left)
    app.wait_state(channel=-1)
    app.quit()


def shift_the_picture(stage):
    """The Shift lab: drag, keys, a click in the heat map, other edges, a sweep; none but the edges is an undo step."""
    app = stage.start("shift6", "--window", "3")
    app.wait_state(input="shift6", window=[3, 3])
    app.click("top.lab.shift")
    app.wait_state(lab="shift", busy=False, shift=[0, 1])
    expect(app.wait_widget("shift.big")["value"] == "4 of 4", "the textbook's outputs stay")
    # A cell of the 6 x 6 is a sixth of the grid.
    app.drag("shift.moved", 0.25, 0.25 + 2 / 6)
    app.wait_state(shift=[0, 3])
    app.key("shift+Up")
    app.wait_state(shift=[-1, 3])
    app.key("shift+Left")
    app.wait_state(shift=[-1, 2])
    app.click("shift.map", 12.5 / 17, 10.5 / 17)
    app.wait_state(shift=[2, 4], undo=0)
    app.click("shift.edges.zero")
    app.wait_state(undo=1, busy=False)
    app.key("Home")
    app.wait_state(shift=[2, -8], sweeping=False)
    app.key("space")
    app.wait(lambda state: state["shift"][1] > -6, "the sweep moves the picture")
    app.key("space")
    app.wait_state(sweeping=False)
    app.key("End")
    app.wait_state(shift=[2, 8])
    app.key("ctrl+z")
    app.wait_state(undo=0)
    app.quit()


def train_a_network(stage):
    """Trains the default network above 95 %, with another lab used meanwhile, has drawn digits recognised, goes into
    a pooling layer and back, and saves and opens the network."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.click("top.lab.network")
    app.wait_state(lab="network", network_page=2)
    app.click("network.progress.button")
    app.wait_state(network_runs=1)
    app.click("top.lab.window")
    app.wait_state(lab="window")
    app.key("Home")
    app.wait_state(step=0)
    app.key("Right")
    app.wait_state(step=1, result=3)
    app.click("top.lab.network")
    app.wait(lambda state: not state["network_training"] and not state["busy"], "the training ends")
    accuracy = app.state()["network_test_accuracy"]
    expect(accuracy > 0.95, f"{accuracy} of the test pictures are right after one click on Train")
    for digit, strokes in (("7", [[(0.25, 0.2), (0.75, 0.2), (0.5, 0.82)]]), ("1", [[(0.5, 0.15), (0.5, 0.85)]])):
        for stroke in strokes:
            app.drag_along([app.point_in("network.canvas", x, y) for x, y in stroke])
        app.wait_state(network_answer=digit)
        app.click("network.clear")
    app.key("ctrl+z")
    app.wait_state(network_answer="1")
    app.click("network.page.apply")
    app.wait_state(network_page=4)
    app.scroll_to("network.open.3", over="network.maps.1.0")
    app.click("network.open.3")
    app.wait_state(lab="window", input_shape=[1, 8, 24, 24], kind="max", window=[2, 2])
    app.click("network.back")
    app.wait_state(lab="network")
    # Saved by the dialog for files, and opened by it again: a second network in the table, with the same answer.
    app.click("network.save")
    app.wait_state(dialog="save_model")
    app.click("browser.name")
    app.key("ctrl+a")
    app.type("mine")
    app.key("Return")
    app.wait_state(dialog="none")
    file = os.path.join(app.folder, "mine.safetensors")
    wait_until(lambda: os.path.exists(file), "the network is saved")
    app.click("network.open")
    app.wait_state(dialog="open_file")
    app.click("browser.file.mine.safetensors")
    app.click("browser.open")
    app.wait_state(dialog="none", network_runs=2, network_answer="1")
    app.quit()


def save_and_open_a_study(stage):
    """Ctrl+S asks for a name once; the file opens again with lab, step and setting; a broken one changes nothing."""
    picture = stage.picture("photo.png", 120, 90)
    app = stage.start(picture)
    app.wait_state(input="photo.png", unsaved=False)
    app.click("kind.average")
    app.wait_state(kind="average", unsaved=True)
    app.click("top.lab.compare")
    app.wait_state(lab="compare")
    app.key("ctrl+s")
    app.wait_state(dialog="save_study")
    app.click("browser.name")
    app.key("ctrl+a")
    app.type("mine")
    app.key("Return")
    app.wait_state(dialog="none", unsaved=False)
    file = os.path.join(stage.folder, "mine.pool.json")
    wait_until(lambda: os.path.exists(file), "the study is beside the picture")
    with open(file, encoding="utf-8") as text:
        study = json.load(text)
    expect(study["input"] == {"file": "photo.png"} and study["pooling"]["kind"] == "average", "it names input and kind")
    app.click("kind.max")
    app.wait_state(unsaved=True)
    app.key("ctrl+s")
    app.wait_state(unsaved=False, dialog="none")
    app.quit()
    app = stage.start(file)
    app.wait_state(input="photo.png", kind="max", lab="compare", study=file, unsaved=False)
    notices = app.state()["errors"]
    app.drop(stage.file("broken.pool.json", b'{"poolscope": 1, "step": "x"}'))
    app.wait(lambda state: state["errors"] == notices + 1, "the broken study gets its sentence")
    app.wait_state(input="photo.png", lab="compare", study=file)
    # A name that is taken is asked about, and kept where the answer is no.
    app.key("ctrl+shift+s")
    app.wait_state(dialog="save_study")
    app.click("browser.name")
    app.key("Return")
    app.wait_widget("browser.replace")
    app.click("browser.keep")
    app.wait_widget("browser.name")
    app.key("Escape")
    app.quit()


def recover_after_a_kill(stage):
    """kill -9 and quitting without saving lose nothing: the next start offers what was not saved."""
    home = os.path.join(stage.folder, "state")
    app = stage.start("shift6", environment={"XDG_STATE_HOME": home})
    app.click("kind.average")
    app.wait_state(kind="average", unsaved=True, left_over=False)
    unsaved = os.path.join(home, "poolscope", "unsaved")

    def kept():
        files = [name for name in (os.listdir(unsaved) if os.path.isdir(unsaved) else []) if name.endswith(".json")]
        if not files:
            return False
        with open(os.path.join(unsaved, files[0]), encoding="utf-8") as text:
            return json.load(text)["pooling"]["kind"] == "average"

    wait_until(kept, "the change is kept")
    app.process.kill()
    app.process.wait()
    app = stage.start(environment={"XDG_STATE_HOME": home})
    app.wait_state(input="textbook", left_over=True)
    app.key("Right")  # the card is in nobody's way
    app.wait_state(step=1)
    app.click("left_over.restore")
    app.wait_state(input="shift6", kind="average", left_over=False, unsaved=True)
    app.click("kind.stochastic")
    app.wait_state(kind="stochastic")
    app.quit()  # a study without a name: not asked about, kept
    app = stage.start(environment={"XDG_STATE_HOME": home})
    app.wait_state(input="textbook", left_over=True)
    app.click("left_over.restore")
    app.wait_state(input="shift6", kind="stochastic", left_over=False, unsaved=True)
    app.quit()
    app = stage.start(environment={"XDG_STATE_HOME": home})
    app.wait_state(left_over=True)
    app.click("left_over.discard")
    app.wait_state(left_over=False)
    app.quit()
    expect(not [name for name in os.listdir(unsaved) if name.endswith(".json")], "nothing is left behind")
    app = stage.start(environment={"XDG_STATE_HOME": home})
    app.wait_state(left_over=False)
    app.quit()


def find_anything(stage):
    """Ctrl+K: a lab, a kind and an input by a few letters, with the keyboard alone."""
    app = stage.start()
    begins_with_the_textbook(app)
    for typed, wanted in (("compa", {"lab": "compare"}), ("averag", {"kind": "average"}), ("stripes", {"input": "stripes"})):
        app.key("ctrl+k")
        app.wait_state(dialog="palette")
        app.wait_widget("palette.field")
        app.settle()
        app.type(typed)
        app.wait(lambda state: (app.widget("palette.field") or {}).get("value") == typed, "the letters arrive")
        app.key("Return")
        app.wait_state(dialog="none", **wanted)
    app.key("ctrl+k")
    app.wait_state(dialog="palette")
    app.key("Escape")
    app.wait_state(dialog="none")
    app.quit()


def present(stage):
    """F5: the stage alone, PgDn and PgUp step, Esc ends it."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.key("F5")
    app.wait_state(presenting=True)
    app.wait(lambda state: app.widget("top.keys") is None and app.widget("transport.play") is None, "bars are hidden")
    app.key("Next")
    app.wait_state(step=1)
    app.key("Prior")
    app.wait_state(step=0)
    app.key("Escape")
    app.wait_state(presenting=False)
    app.wait_widget("top.keys")
    app.quit()


def take_a_lesson(stage):
    """From the list; done by doing, by the keys of a presenter's remote, left; a broken file says its line."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.click("top.lessons")
    app.click("lessons.menu.2")
    app.wait(lambda state: state["lesson"] and state["lesson"]["id"] == "stride", "the second lesson begins")
    app.key("Page_Down")
    app.wait(lambda state: state["lesson"]["step"] == 1, "Page Down goes on")
    app.drag("stride", 0.34, 0.0)
    app.wait(lambda state: state["stride"] == [1, 1] and state["lesson"]["done"], "what was asked for was done")
    app.click("lesson.next")
    app.wait(lambda state: state["lesson"]["step"] == 2, "and it goes on")
    app.click("lesson.choice.1")
    app.wait(lambda state: state["lesson"]["answered"], "the question is answered")
    app.key("Page_Up")
    app.wait(lambda state: state["lesson"]["step"] == 1 and state["stride"] == [2, 2], "back to where the step began")
    app.click("lesson.leave")
    app.wait(lambda state: state["lesson"] is None, "the lesson is left")
    before = app.state()["errors"]
    app.drop(stage.file("broken.lesson.toml", b'id = "x"\ntitle = "x"\n[[step]]\ntxet = "y"\n'))
    app.wait(lambda state: state["errors"] == before + 1 and state["lesson"] is None, "the broken lesson gets its sentence")
    app.drop(stage.file("mine.lesson.toml", b'id = "mine"\ntitle = "Mine"\n[[step]]\ntext = "Hello"\nset = { step = 2 }\n'))
    app.wait(lambda state: state["lesson"] and state["lesson"]["id"] == "mine" and state["step"] == 2, "one of one's own is taken")
    app.quit()


def export_a_film(stage):
    """Through the dialog: a film with the bytes of the command line; an existing file is asked about; cancel leaves nothing."""
    app = stage.start("textbook", "--kind", "average")
    app.wait_state(kind="average", step=0)
    path = os.path.join(stage.folder, "film.gif")
    app.key("ctrl+e")
    app.wait_state(dialog="export")
    app.click("export.path")
    app.key("ctrl+a")
    app.type(path)
    app.click("export.save")
    app.wait(lambda state: not state["exporting"] and state["dialog"] == "none", "the film is written and the dialog closes")
    film = content(path)
    expect(film[:6] == b"GIF89a", "it is a GIF")
    expect(app.state()["step"] == 0 and not app.state()["playing"], "the clock stands where it stood")
    subprocess.run([stage.program, "render", "textbook", "--kind", "average", "--lang", "en", "-o", path + ".again.gif"], check=True, timeout=300)
    expect(content(path + ".again.gif") == film, "the command line makes the same bytes")
    # The same name again: nothing is replaced without a yes.
    with open(path, "wb") as file:
        file.write(b"mine")
    app.click("top.export")
    app.wait_state(dialog="export")
    app.click("export.path")
    app.key("ctrl+a")
    app.type(path)
    app.click("export.save")
    app.wait_widget("export.question")
    app.click("export.keep")
    app.wait(lambda state: "export.question" not in app.keys(), "no is an answer")
    expect(content(path) == b"mine", "the old file is still there")
    app.click("export.save")
    app.click("export.replace")
    app.wait(lambda state: state["dialog"] == "none", "it is replaced after a yes")
    expect(content(path) == film, "by the same film")
    # A long film, cancelled with Escape.
    app.click("top.export")
    app.click("export.path")
    app.key("ctrl+a")
    app.type(os.path.join(stage.folder, "long.gif"))
    app.drag("export.seconds", 0.2, 0.99, fy=0.8)
    app.click("export.save")
    app.wait_state(exporting=True)
    app.key("Escape")
    app.wait_state(exporting=False, dialog="export")
    app.key("Escape")
    app.wait_state(dialog="none")
    expect(not os.path.exists(os.path.join(stage.folder, "long.gif")), "nothing was written")
    app.quit()


def export_numbers_and_code(stage):
    """The output as .csv, and the program for PyTorch to copy."""
    app = stage.start()
    begins_with_the_textbook(app)
    app.key("ctrl+e")
    app.click("export.tab.numbers")
    path = os.path.join(stage.folder, "y.csv")
    app.click("export.path")
    app.key("ctrl+a")
    app.type(path)
    app.click("export.save")
    app.wait(lambda state: state["dialog"] == "none", "it is written")
    expect(content(path) == b"2,3\n4,2\n", "these are the output's numbers")
    app.key("ctrl+e")
    app.click("export.tab.code")
    app.wait_widget("export.code")
    expect("torch.nn.MaxPool2d(kernel_size=2)" in app.widget("export.code")["value"], "the program pools as shown")
    app.click("export.framework.onnx")
    app.wait(lambda state: '"MaxPool"' in app.widget("export.code")["value"], "and as ONNX")
    app.click("export.copy")
    app.wait_widget("toast")
    app.key("Escape")
    app.wait_state(dialog="none")
    app.quit()


def test_a_claim(stage):
    """The Evidence lab: a guess before the result, a table and a picture saved through the dialog; networks are trained
    while the Window lab is used, and stopped."""
    app = stage.start("digit")
    app.wait_state(input="digit")
    app.click("top.lab.evidence")
    app.wait_state(lab="evidence", claim="mean-shift")
    app.click("evidence.claim.separability")
    app.wait_state(claim="separability")
    app.wait(lambda state: (app.widget("evidence.verdict") or {}).get("value") == "only-if", "it has run")
    app.key("p")
    app.wait_widget("evidence.guess.1")
    expect(not app.widget("evidence.verdict"), "the result is hidden before the guess")
    app.click("evidence.guess.1")
    app.wait_widget("evidence.verdict")
    app.key("p")
    app.wait(lambda state: not state["predict"]["on"], "no more questions")

    def save(button, name):
        path = os.path.join(stage.folder, name)
        app.click(button)
        app.click("evidence.save.path")
        app.key("ctrl+a")
        app.type(path)
        app.click("evidence.save.go")
        app.wait(lambda state: os.path.exists(path) and "evidence.save.path" not in app.keys(), "it is saved")
        return content(path)

    table = save("evidence.save.csv", "claim.csv").decode()
    for line in ("setting,claim,,,separability,", "setting,seed,,,1,", "setting,alpha1,,,0.01,", "result,verdict,,,only-if,"):
        expect(line in table, f"the table has {line}")
    picture = save("evidence.save.png", "claim.png")
    width, height = struct.unpack(">II", picture[16:24])
    expect(picture[:8] == b"\x89PNG\r\n\x1a\n" and width >= 1000 and height >= 500, f"the picture has {width} x {height}")

    app.click("evidence.claim.overfitting")
    app.wait_state(claim="overfitting")
    app.drag("evidence.set.repeats", 0.02, 0.99, fy=0.8)
    app.wait_state(undo=1)
    app.click("evidence.run")
    app.wait(lambda state: "overfitting" in state["experiments"], "networks are trained")
    app.click("top.lab.window")
    app.wait_state(lab="window", step=0)
    app.key("Right")
    app.wait_state(step=1)
    expect("overfitting" in app.state()["experiments"], "they still are")
    app.click("top.lab.evidence")
    app.wait_state(lab="evidence")
    app.click("evidence.run")
    app.wait(lambda state: "overfitting" not in state["experiments"], "it is stopped")
    expect(not app.widget("evidence.verdict"), "and has no result")
    app.quit()


JOURNEYS = {function.__name__: function for function in (
    open_by_drop, open_by_dialog, play, step_back, scrub, change_kind, drag_is_one_undo_step, jump_by_output_cell,
    switch_language, switch_theme, edit_a_cell, keyboard_only, resize, minimise, sleeps_when_nothing_happens, compare_poolings,
    predict_before_reveal, channels_apart, shift_the_picture, train_a_network, test_a_claim,
    save_and_open_a_study, recover_after_a_kill, find_anything, present, take_a_lesson, export_a_film,
    export_numbers_and_code)}

if __name__ == "__main__":
    sys.exit(run(JOURNEYS))
