import com.fasterxml.jackson.databind.*;
import java.io.*;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.*;
import org.openapitools.client.model.*;

class Adapter {
    public static void main(String[] args) throws Exception {
        var http = HttpClient.newHttpClient();
        // Otherwise, each API object has connections of its own.
        var client = new ApiClient() { public HttpClient getHttpClient() { return http; } };
        var mapper = client.getObjectMapper();
        var in = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = in.readLine()) != null; ) {
            JsonNode sent = mapper.readTree(line), body = sent.path("body"), ids = sent.path("ids");
            long order = ids.path("order_id").asLong(), borrower = ids.path("borrower_id").asLong(), phone = ids.path("phone_id").asLong();
            client.updateBaseUri(sent.path("base_url").asText());
            client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + sent.path("token").asText()));
            if (args.length > 0) client.setReadTimeout(Duration.ofMillis(sent.path("deadline_ms").asLong())); // mended
            var phones = new BorrowerPhonesApi(client);
            String outcome = "ok", output = "";
            try {
                switch (sent.path("operation").asText()) {
                    case "listBorrowers" -> new BorrowersApi(client).listBorrowers(order);
                    case "listBorrowerPhones" -> phones.listBorrowerPhones(order, borrower);
                    case "createBorrowerPhone" -> phones.createBorrowerPhone(order, borrower, mapper.treeToValue(body, BorrowerPhoneCreate.class));
                    case "updateBorrowerPhone" -> phones.updateBorrowerPhone(order, borrower, phone, mapper.treeToValue(body, BorrowerPhoneUpdate.class));
                    default -> phones.deleteBorrowerPhone(order, borrower, phone);
                }
            } catch (Throwable error) {
                var trace = new StringWriter();
                error.printStackTrace(new PrintWriter(trace));
                outcome = "error";
                output = trace.toString();
            }
            System.out.println(mapper.writeValueAsString(Map.of("id", sent.path("id").asText(), "outcome", outcome, "output", output)));
        }
    }
}
