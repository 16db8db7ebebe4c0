// Reads everything, answers nothing, ends with stdin.
process.stdin.resume();
