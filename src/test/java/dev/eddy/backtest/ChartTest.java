package dev.eddy.backtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {

    @Test
    void ticksAreRoundAndWithin() {
        assertEquals(List.of(0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0), new Range(0, 1).ticks());
        assertEquals(List.of(0.0, 1000.0, 2000.0, 3000.0, 4000.0, 5000.0), new Range(0, 5990).ticks());
        assertEquals(List.of(-5.0, 0.0, 5.0, 10.0, 15.0), new Range(-6.2, 15.1).ticks());
    }

    @Test
    void aRangeHoldsOneValueAndLeavesOutWhatIsNotFinite() {
        assertEquals(new Range(4.5, 5.5), Range.of(5, 5, Double.NaN));
        assertEquals(new Range(-1, 1), Range.of(0));
        assertEquals(new Range(0, 1), Range.of(Double.POSITIVE_INFINITY));
        assertEquals(new Range(0, 3), new Range(2, 3).fromZero());
    }

    @Test
    void numbersAreShort() {
        assertEquals("0", Chart.number(0));
        assertEquals("0.6", Chart.number(0.6000000000000001));
        assertEquals("-2.5", Chart.number(-2.5));
        assertEquals("12.5k", Chart.number(12500));
        assertEquals("2e-04", Chart.number(0.0002));
    }

    @Test
    void aLineBreaksWhereThereIsNoValue() {
        String svg = new Chart(new Range(0, 3), "x & y", new Range(0, 1))
                .line("s0", new double[] {0, 1, 2, 3}, new double[] {0, Double.NaN, 1, 0})
                .svg("it's <a> line");
        assertTrue(svg.contains("x &amp; y") && svg.contains("it&#39;s &lt;a&gt; line"), svg);
        assertTrue(svg.matches("(?s).*class='line s0' d='M[0-9. ]+M[0-9. ]+L[0-9. ]+'/>.*"), svg);
        assertFalse(svg.contains("NaN"));
    }
}
