/** Finds imports that lead in a circle: https://github.com/sverweij/dependency-cruiser */
export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment:
        'A file must not reach itself by its imports. Types count. Move what both files need to a file below both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // Without this option, imports of types are not seen.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^fixtures/projects/' },
  },
};
