/** The variational autoencoder and the generative adversarial network: step, score, sample, capture and restore. */
@NullMarked
package dev.eddy.model;

import org.jspecify.annotations.NullMarked;
