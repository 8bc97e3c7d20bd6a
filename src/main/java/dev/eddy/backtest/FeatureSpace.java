package dev.eddy.backtest;

import java.util.List;

/** Where pictures are compared: not by their pixels, but by what a network sees in them. */
interface FeatureSpace {

    /** Which network, for the figures. */
    String name();

    /** One vector for each picture, all of one length. */
    float[][] features(List<byte[]> pictures);
}
