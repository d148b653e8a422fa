/** The learning rate of each step, a pure function of how many steps were done before: 0 for the first. */
export type Schedule = (stepsDone: number) => number;
