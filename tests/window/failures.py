#!/usr/bin/python3
"""What the window does where it cannot do what it should: one sentence, or going on; never an abort.

Usage: failures.py PROGRAM CASE EVIDENCE-FOLDER.
"""
import os
import sys

from harness import Failure, expect, run

NO_WINDOW = 3  # exit status: ./run then renders a picture instead


def one_sentence(app, status):
    """The program ends with this status after exactly one line of its own on stderr (Mesa may add its own)."""
    lines = [line for line in app.expect_end(status).strip().splitlines() if not line.startswith(("libGL", "MESA"))]
    expect(len(lines) == 1 and lines[0].startswith("poolscope: "), f"one sentence was to be said, not: {lines}")
    return lines[0]


def no_display(stage):
    for name in ("", ":9876"):
        app = stage.start(wait=False, environment={"DISPLAY": name})
        one_sentence(app, NO_WINDOW)


def old_opengl(stage):
    app = stage.start(wait=False, environment={"MESA_GL_VERSION_OVERRIDE": "2.1"})
    sentence = one_sentence(app, NO_WINDOW)
    expect("3.3" in sentence, f"the sentence names the version that is needed: {sentence}")


def no_opengl_at_all(stage):
    app = stage.start(wait=False, environment={"LIBGL_DRIVERS_PATH": stage.folder, "__GLX_VENDOR_LIBRARY_NAME": "none"})
    one_sentence(app, NO_WINDOW)


def without_our_fonts(stage):
    """The program with its fonts from the test's folder; that they are in use is seen by the widths."""
    usual = stage.start()
    width = usual.wait_widget("top.language")["w"]
    usual.quit()
    app = stage.start(environment={"POOLSCOPE_FONTS": stage.folder})
    expect(app.wait_widget("top.language")["w"] != width, "the text looks as always: are the folder's fonts in use?")
    return app


def no_fonts(stage):
    """ImGui's own font has every Latin letter: it goes on with that."""
    app = without_our_fonts(stage)
    app.click("kind.average")
    app.wait_state(kind="average")
    app.quit()


def broken_fonts(stage):
    """Files with the right names that end after 3000 bytes; ImGui would abort on them."""
    for where, _, names in os.walk("/usr/share/fonts"):
        for name in names:
            if name.lower().endswith((".ttf", ".otf", ".ttc")) and any(part in where for part in ("inter", "wqy", "jetbrains")):
                with open(os.path.join(where, name), "rb") as file:
                    stage.file(name, file.read(3000))
    app = without_our_fonts(stage)
    app.key("g")
    app.wait_state(language="zh")
    app.quit()


def no_config_folder(stage):
    """Settings cannot be kept, and that is all."""
    blocked = stage.file("a file, not a folder", b"")
    missing = os.path.join(stage.folder, "no such home")
    for environment in ({"XDG_CONFIG_HOME": blocked}, {"XDG_CONFIG_HOME": "/proc/nowhere"}, {"XDG_CONFIG_HOME": "", "HOME": missing},
                        {"XDG_CONFIG_HOME": "", "HOME": ""}):
        app = stage.start(environment=environment)
        app.key("t")
        app.wait_state(theme="night")
        app.quit()
    expect(not os.path.exists(missing), "a home that was not there was made")


def broken_settings(stage):
    """A settings file that is no settings file: the defaults hold."""
    for content in (b"\xff\xfe\x00[[[", b"language = 7\ntheme = []\ntext_percent = -4000\n", b"{" * 100000, b""):
        folder = os.path.join(stage.folder, f"config{len(content)}")
        os.makedirs(os.path.join(folder, "poolscope"))
        for name in SETTINGS_FILES:
            with open(os.path.join(folder, "poolscope", name), "wb") as file:
                file.write(content)
        app = stage.start(environment={"XDG_CONFIG_HOME": folder})
        app.wait_state(theme="paper", text_percent=100, input="textbook")
        app.quit()


SETTINGS_FILES = ("settings.toml", "settings.json")


def display_goes_away(stage):
    """The X server ends: so does the program, without a crash."""
    app = stage.start()
    stage.screen.process.kill()
    stage.screen.process.wait()
    status = app.process.wait(timeout=60)
    if status < 0:
        raise Failure(f"the program died of signal {-status}")


def files_that_are_not_there(stage):
    """A path on the command line that cannot be opened: one line, and no window."""
    app = stage.start(os.path.join(stage.folder, "no such file.png"), wait=False)
    one_sentence(app, 1)


CASES = {function.__name__: function for function in (
    no_display, old_opengl, no_opengl_at_all, no_fonts, broken_fonts, no_config_folder, broken_settings, display_goes_away,
    files_that_are_not_there)}

if __name__ == "__main__":
    sys.exit(run(CASES))
