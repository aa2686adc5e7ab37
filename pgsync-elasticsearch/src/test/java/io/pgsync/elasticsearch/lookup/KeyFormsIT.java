package io.pgsync.elasticsearch.lookup;

import io.pgsync.elasticsearch.Engine;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an engine makes of the keys in {@code _meta}, by the type of their column, and the mapping and settings of an
 * index that others made: every key that it takes is found where we believe the mapping, and some key is not where we
 * do not.
 */
class KeyFormsIT {
    @AutoClose
    private final Engine engine = Engine.shared();

    private final KeyForms forms = new KeyForms(engine);

    @ParameterizedTest
    @MethodSource
    void whereTheMappingIsBelievedEveryKeyIsFound(String column, String form, String settings) {
        forms.assertThatAllAreFound(column, form, settings);
    }

    static Stream<Arguments> whereTheMappingIsBelievedEveryKeyIsFound() {
        return Engine.rows("""
                every | text | {'type':'keyword','index':false} |
                every | text | {'type':'keyword','doc_values':false} |
                every | text | {'type':'keyword','ignore_above':9} |
                every | text | {'type':'text','fields':{'keyword':{'type':'keyword','ignore_above':9}}} |
                every | text | {'type':'date'} |
                every | text | {'type':'date','ignore_malformed':true} |
                every | text | {'dynamic':false} |
                every | int8 | {'type':'long'} |
                every | int8 | {'type':'integer','ignore_malformed':true} |
                every | int8 | {'type':'double'} |
                every | int8 | {'type':'half_float'} |
                every | numeric | {'type':'long'} |
                every | numeric | {'type':'double'} |
                every | float8 | {'type':'long'} |
                every | float8 | {'type':'float'} |
                every | bool | {'type':'boolean'} |
                Elasticsearch | text | {'type':'keyword'} | 'mapping.ignore_above':9
                Elasticsearch | text | {'type':'text','fields':{'keyword':{'type':'keyword'}}} | 'mapping.ignore_above':9
                Elasticsearch | text | {'type':'ip'} | 'mapping.ignore_malformed':true
                Elasticsearch | text | {META{'type':'flattened'}}} |
                Elasticsearch | text | {META{'type':'flattened','ignore_above':9}}} |
                Elasticsearch | text | {META{'type':'flattened'}}} | 'mapping.ignore_above':9
                Elasticsearch | text | {META{'type':'flattened','depth_limit':1}}} |
                Elasticsearch | text | {META{'type':'flattened','doc_values':false}}} |
                Elasticsearch | text | {'runtime':{'_meta.review.id':{'type':'keyword'}}} |
                Elasticsearch | text | {'dynamic':'runtime'} |
                Elasticsearch | text | {'subobjects':false} | 'mapping.ignore_above':9
                Elasticsearch | text | {} | 'mapping.total_fields.ignore_dynamic_beyond_limit':true
                Elasticsearch | int8 | {'type':'byte'} | 'mapping.ignore_malformed':true
                """);
    }

    @ParameterizedTest
    @MethodSource
    void whereTheMappingIsNotBelievedSomeKeyIsLost(String column, String form, String settings) {
        forms.assertThatSomeAreLost(column, form, settings);
    }

    static Stream<Arguments> whereTheMappingIsNotBelievedSomeKeyIsLost() {
        return Engine.rows("""
                every | text | {'type':'text'} |
                every | text | {'type':'long'} |
                every | text | {'type':'double'} |
                every | text | {'type':'boolean'} |
                every | text | {'type':'binary'} |
                every | text | {'type':'completion'} |
                every | text | {'type':'geo_point'} |
                every | text | {META{'properties':{'review':{'type':'nested'}}}}} |
                every | numeric | {'type':'integer'} |
                every | float8 | {'type':'short'} |
                Elasticsearch 8 | text | {META{'type':'flattened','index':false}}} |
                Elasticsearch | text | {'runtime':{'_meta.review.id':{'type':'long'}}} |
                Elasticsearch | text | {'_source':{'enabled':false},'runtime':{'_meta.review.id':{'type':'keyword'}}} |
                """);
    }
}
