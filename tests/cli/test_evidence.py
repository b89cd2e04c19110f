"""poolscope evidence: the list, a report, the JSON, and what it refuses."""
import json
import math

import support
from support import answers, some

CLAIMS = ["mean-shift", "variance", "texture", "shift", "compression", "overfitting", "parameters", "window-stride",
          "separability"]


class Evidence(support.Case):
    def test_list_names_all_claims_with_their_sentences(self):
        listed = self.good("evidence", "list")
        self.assertEqual([line.split()[0] for line in listed.splitlines()], CLAIMS)
        self.assertIn("Max pooling lessens the shift of the mean", listed)
        self.assertEqual(self.good("evidence"), listed)
        self.assertIn("最大池化能减小", self.good("evidence", "list", "--lang", "zh"))

    def test_list_as_json_has_the_settings(self):
        self.good("evidence", "list", "--json", "list.json")
        claims = json.loads(self.read("list.json"))
        self.assertEqual([claim["claim"] for claim in claims], CLAIMS)
        window = claims[1]["parameters"][0]
        self.assertEqual((window["name"], window["least"], window["most"], window["default"]), ("window", 2, 8, 2))

    @answers
    def test_report_says_sentence_numbers_verdict_and_rule(self):
        said = self.good("evidence", "variance", "--repeats", "20", "--set", "surface=flat,window=3")
        for part in ("Average pooling lessens", "window=3", "seed=1, repeats=20", "±", "formula 0.333", "holds:",
                     "Verdict: Supported", "Rule: Every case"):
            self.assertIn(part, said)
        self.assertNotRegex(said, r"\{@?[a-z_-]+\}|evidence\.[a-z]")
        chinese = self.good("evidence", "variance", "--repeats", "20", "--lang", "zh")
        self.assertIn("结论：得到支持", chinese)
        self.assertNotRegex(chinese, r"\{@?[a-z_-]+\}|evidence\.[a-z]")

    @answers
    def test_json_holds_everything_and_the_seed_decides_it(self):
        self.good("evidence", "variance", "--repeats", "30", "--seed", "5", "--set", "surface=flat", "--json", "a.json")
        self.good("evidence", "variance", "--repeats", "30", "--seed", "5", "--set", "surface=flat", "--json", "b.json")
        self.good("evidence", "variance", "--repeats", "30", "--seed", "6", "--set", "surface=flat", "--json", "c.json")
        self.assertEqual(self.read("a.json"), self.read("b.json"))
        self.assertNotEqual(self.read("a.json"), self.read("c.json"))
        got = json.loads(self.read("a.json"))
        self.assertEqual((got["claim"], got["seed"], got["repeats"], got["verdict"]), ("variance", 5, 30, "supported"))
        self.assertEqual(got["settings"], {"window": 2, "correlation": 0, "noise": 0.1, "surface": "flat"})
        self.assertEqual(got["input"]["name"], "scene")
        numbers = {(one["quantity"], one["of"]): one for one in got["measurements"]}
        average = numbers["deviation", "average"]
        self.assertAlmostEqual(average["formula"], 0.5)
        self.assertAlmostEqual(average["value"], 0.5, delta=5 * average["standard_error"])
        self.assertLess(average["low"], average["value"])
        self.assertEqual(average["n"], 30)
        for case in got["cases"]:
            about = got["measurements"][case["measurement"]]
            self.assertEqual(case["answer"], "yes")
            self.assertLess(about["high"], case["threshold"])
        self.assertEqual(got["plots"][0]["series"][0]["x"], [1, 2, 3, 4, 6, 8])

    def test_a_claim_by_its_number_and_the_list_in_capitals(self):
        self.assertEqual(self.good("evidence", "LIST"), self.good("evidence", "list"))
        self.assertEqual(self.good("evidence", "7"), self.good("evidence", "parameters"))
        self.refused(2, "evidence", "0", says=("0", "mean-shift"))
        self.refused(2, "evidence", "10", says=("10", "mean-shift"))

    def test_every_claim_in_both_languages(self):
        quick = {"shift": ("--set", "networks=2"), "overfitting": ("--set", "pictures=60,epochs=5")}
        for claim in CLAIMS:
            for language, word in some((("en", "Verdict:"), ("zh", "结论：")), 2):
                repeats = "5" if claim == "overfitting" else "10"
                said = self.good("evidence", claim, "--input", "digit", "--repeats", repeats, *quick.get(claim, ()), "--lang", language,
                                 "--json", "x.json")
                self.assertIn(word, said)
                self.assertNotRegex(said, r"\{@?[a-z_-]+\}|evidence\.[a-z]")
                got = json.loads(self.read("x.json"))
                quantities = [one["quantity"] for one in got["measurements"]]
                together = [name for i, name in enumerate(quantities) if i == 0 or quantities[i - 1] != name]
                self.assertEqual(len(together), len(set(quantities)), "numbers of one quantity stand together")
                # The verdict is what the rule makes of the cases that are listed.
                answers = [case["answer"] for case in got["cases"]]
                counted = all(got["measurements"][case["measurement"]]["n"] == 0 for case in got["cases"])
                held = answers.count("yes")
                rule = "not-supported" if held == 0 else "only-if" if held < len(answers) else "by-construction" if counted else "supported"
                self.assertEqual(got["verdict"], rule)
                for case in got["cases"]:
                    about = got["measurements"][case["measurement"]]
                    if case["answer"] == "yes" and case["relation"] != "equal":
                        side = about["high"] < case["threshold"] if case["relation"] == "below" else about["low"] > case["threshold"]
                        self.assertTrue(side, case)

    @answers
    def test_one_network_has_no_interval(self):
        said = self.good("evidence", "shift", "--repeats", "10", "--set", "networks=1", "--json", "one.json")
        self.assertIn("(n = 1)", said)
        self.assertNotIn("inf", said)
        got = json.loads(self.read("one.json"))
        alone = [one for one in got["measurements"] if one["n"] == 1]
        self.assertTrue(alone)
        for one in alone:
            self.assertEqual((one["standard_error"], one["low"], one["high"]), (None, None, None))
            self.assertIsInstance(one["value"], float)
        self.assertEqual({case["id"]: case["answer"] for case in got["cases"]}["answers"], "unclear")

    def test_counted_claims(self):
        self.good("evidence", "parameters", "--repeats", "3", "--json", "p.json")
        got = json.loads(self.read("p.json"))
        self.assertEqual((got["verdict"], got["repeats"], got["input"]), ("by-construction", None, None))
        self.good("evidence", "compression", "--set", "window=1", "--json", "c.json")
        self.assertEqual(json.loads(self.read("c.json"))["verdict"], "not-supported")

    def test_a_picture_of_ones_own(self):
        # Blots of 2 x 2 dark cells: a maximum sees them only where they fill a window.
        cells = [0.0 if y % 12 < 2 and x % 12 < 2 else 1.0 for y in range(120) for x in range(120)]
        self.put("blots.npy", support.npy(cells, (120, 120)))
        self.good("evidence", "shift", "--input", "blots.npy", "--set", "networks=0", "--json", "s.json")
        got = json.loads(self.read("s.json"))
        self.assertEqual(got["input"], {"name": "blots.npy", "shape": [1, 1, 120, 120]})
        self.assertEqual({case["id"]: case["answer"] for case in got["cases"]}["smaller"], "no")

    def test_refusals_leave_no_file(self):
        self.refused(2, "evidence", "fame", "--json", "x.json", says=("fame", "mean-shift", "list"))
        self.refused(2, "evidence", "variance", "--repeats", "3", "--json", "x.json", says=("--repeats", "3", "10"))
        self.refused(2, "evidence", "overfitting", "--repeats", "4", says=("--repeats", "5", "50"))
        self.refused(2, "evidence", "variance", "--seed", "-1", says=("--seed",))
        self.refused(2, "evidence", "variance", "--set", "windows=3", says=("--set", "windows=3", "window="))
        self.refused(2, "evidence", "variance", "--set", "window", says=("--set", "window="))
        self.refused(2, "evidence", "variance", "--set", "window=two", says=("--set window", "two"))
        self.refused(2, "evidence", "variance", "--set", "window=2.5", says=("window", "2.5", "2", "8"))
        self.refused(2, "evidence", "variance", "--set", "surface=wet", says=("surface", "wet", "flat"))
        self.refused(2, "evidence", "variance", "--set", "noise=nan", says=("noise",))
        self.refused(2, "evidence", "variance", "texture", says=("texture",))
        self.refused(1, "evidence", "variance", "--input", "none.png", "--json", "x.json", says=("none.png",))
        self.refused(2, "evidence", "variance", "--input", "textbook", says=("4", "24"))
        self.put("flat.npy", support.npy([1.0] * 900, (30, 30)))
        self.refused(2, "evidence", "variance", "--input", "flat.npy", says=("the same everywhere",))
        self.put("nan.npy", support.npy([math.nan] + [1.0] * 899, (30, 30)))
        self.refused(2, "evidence", "variance", "--input", "nan.npy", says=("finite",))
        self.refused(1, "evidence", "parameters", "--json", "no/such/x.json", says=("x.json",))
        self.assertEqual(self.files(), ["flat.npy", "nan.npy"])


if __name__ == "__main__":
    support.main()
