import everything from "../../vitest.config.mjs";

// What a run does when the machine, the checkout or the reader gets in its way. Kernels that are killed, disks that are
// full, memory that is short and gateways that go away take minutes, hence a command of its own: npm run faults.
export default {
  ...everything,
  test: {
    ...everything.test,
    include: ["tests/faults/**/*.test.ts", "tests/gateway/**/*.test.ts"],
    exclude: [],
    // A test is several runs, each with kernels to start; the limits only stop what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
};
