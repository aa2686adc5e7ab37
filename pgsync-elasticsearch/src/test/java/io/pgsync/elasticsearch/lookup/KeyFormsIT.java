package io.pgsync.elasticsearch.lookup;

import io.pgsync.elasticsearch.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What every engine makes of the keys in {@code _meta}, by the type of their column and the mapping of an index that others made: every key that
 * it takes is found where we believe the mapping, and some key is not where we do not.
 */
class KeyFormsIT {
    private final Engine engine = Engine.shared();
    private final KeyForms forms = new KeyForms(engine);

    @AfterEach
    void close() {
        engine.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text | {'type':'keyword','index':false} |",
                "text | {'type':'keyword','doc_values':false} |",
                "text | {'type':'keyword','ignore_above':9} |",
                "text | {'type':'text','fields':{'keyword':{'type':'keyword','ignore_above':9}}} |",
                "text | {'type':'date'} |",
                "text | {'type':'date','ignore_malformed':true} |",
                "text | {'dynamic':false} |",
                "int8 | {'type':'long'} |",
                "int8 | {'type':'integer','ignore_malformed':true} |",
                "int8 | {'type':'double'} |",
                "int8 | {'type':'half_float'} |",
                "numeric | {'type':'long'} |",
                "numeric | {'type':'double'} |",
                "float8 | {'type':'long'} |",
                "float8 | {'type':'float'} |",
                "bool | {'type':'boolean'} |"
            })
    void whereTheMappingIsBelievedEveryKeyIsFound(String column, String form, String settings) {
        forms.assertThatAllAreFound(column, form, settings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text | {'type':'text'} |",
                "text | {'type':'long'} |",
                "text | {'type':'double'} |",
                "text | {'type':'boolean'} |",
                "text | {'type':'binary'} |",
                "text | {'type':'completion'} |",
                "text | {'type':'geo_point'} |",
                "text | {META{'properties':{'review':{'type':'nested'}}}}} |",
                "numeric | {'type':'integer'} |",
                "float8 | {'type':'short'} |"
            })
    void whereTheMappingIsNotBelievedSomeKeyIsLost(String column, String form, String settings) {
        forms.assertThatSomeAreLost(column, form, settings);
    }
}
