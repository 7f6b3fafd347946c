"""The commands of `minbert` that train and use models: each module has `main(argv) -> exit status`."""
