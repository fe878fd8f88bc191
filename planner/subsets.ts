/** Beyond this many tasks only single tasks and all of them together share a pool: subsets double with each task. */
const MOST_TASKS = 4;

/** Groups of tasks that may share a pool. */
export function taskGroups(tasks: readonly string[]): readonly (readonly string[])[] {
  if (tasks.length > MOST_TASKS) return [...tasks.map((task) => [task]), tasks];
  return Array.from({ length: 2 ** tasks.length - 1 }, (_, index) =>
    tasks.filter((_, bit) => ((index + 1) >> bit) % 2 === 1),
  );
}

/** Every choice of groups that have no task in common; the empty choice leaves all tasks on the API. */
export function disjointChoices(groups: readonly (readonly string[])[]): readonly (readonly (readonly string[])[])[] {
  let choices: (readonly (readonly string[])[])[] = [[]];
  for (const group of groups) {
    choices = choices.flatMap((choice) =>
      choice.some((other) => other.some((task) => group.includes(task))) ? [choice] : [choice, [...choice, group]],
    );
  }
  return choices;
}
