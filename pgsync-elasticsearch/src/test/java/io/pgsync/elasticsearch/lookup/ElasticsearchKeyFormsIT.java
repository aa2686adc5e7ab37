package io.pgsync.elasticsearch.lookup;

import io.pgsync.elasticsearch.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same as {@link KeyFormsIT}, with mappings and settings that only Elasticsearch has, or obeys. */
class ElasticsearchKeyFormsIT {
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
                "text | {'type':'keyword'} | 'mapping.ignore_above':9",
                "text | {'type':'text','fields':{'keyword':{'type':'keyword'}}} | 'mapping.ignore_above':9",
                "text | {'type':'ip'} | 'mapping.ignore_malformed':true",
                "text | {META{'type':'flattened'}}} |",
                "text | {META{'type':'flattened','ignore_above':9}}} |",
                "text | {META{'type':'flattened'}}} | 'mapping.ignore_above':9",
                "text | {META{'type':'flattened','depth_limit':1}}} |",
                "text | {META{'type':'flattened','doc_values':false}}} |",
                "text | {'runtime':{'_meta.review.id':{'type':'keyword'}}} |",
                "text | {'dynamic':'runtime'} |",
                "text | {'subobjects':false} | 'mapping.ignore_above':9",
                "text | {} | 'mapping.total_fields.ignore_dynamic_beyond_limit':true",
                "int8 | {'type':'byte'} | 'mapping.ignore_malformed':true"
            })
    void whereTheMappingIsBelievedEveryKeyIsFound(String column, String form, String settings) {
        forms.assertThatAllAreFound(column, form, settings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text | {META{'type':'flattened','index':false}}} |",
                "text | {'runtime':{'_meta.review.id':{'type':'long'}}} |",
                "text | {'_source':{'enabled':false},'runtime':{'_meta.review.id':{'type':'keyword'}}} |"
            })
    void whereTheMappingIsNotBelievedSomeKeyIsLost(String column, String form, String settings) {
        forms.assertThatSomeAreLost(column, form, settings);
    }
}
