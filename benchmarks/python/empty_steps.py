"""Six steps that do nothing, in Metaflow: what its local runner takes by itself. `python empty_steps.py --quiet run`."""

from metaflow import FlowSpec, step


class EmptySteps(FlowSpec):
    @step
    def start(self):
        self.next(self.validate)

    @step
    def validate(self):
        self.next(self.prepare)

    @step
    def prepare(self):
        self.next(self.train)

    @step
    def train(self):
        self.next(self.evaluate)

    @step
    def evaluate(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    EmptySteps()
