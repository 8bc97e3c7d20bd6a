/** The fold over files: test, then train, then figures, pictures and a report. */
@NullMarked
package dev.eddy.backtest;

import org.jspecify.annotations.NullMarked;
