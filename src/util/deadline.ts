/** Whether the work was done in time; it is not stopped when it was not. Rejects as the work does. */
export async function isDoneWithin(work: Promise<unknown>, deadlineMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), deadlineMs);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The work, or an error when it takes too long; it is not stopped by that. */
export async function withDeadline(work: Promise<void>, deadlineMs: number): Promise<void> {
  if (!(await isDoneWithin(work, deadlineMs))) throw new Error(`not done after ${deadlineMs} ms`);
}
