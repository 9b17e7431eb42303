import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // Machines that fail, and kernels on other machines: `npm run faults`.
    exclude: ["tests/faults/**", "tests/gateway/**"],
    pool: "forks",
    // Most tests wait for kernels, browsers and Python: two files at once also where there are only two cores.
    maxWorkers: 2,
    // They only stop what hangs: on a busy machine, JupyterLab's first start alone has taken more than a minute.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // GitHub's workflow parser imports JSON without an import attribute, which Node refuses and vite does not.
    server: { deps: { inline: [/@actions\//] } },
  },
});
